import { DateField, headOf, IdField, IntegerField, ListField, TextField } from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import type { AccessEntry } from '../../organization/index.js';
import type { Disclosure } from '../application/disclose-customer.js';
import { PERSONAL_GROUPS, type PersonalGroup } from '../domain/main-facts.js';
import { customers } from './customer.resource.js';

export class DisclosureView {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'Customer' }) '@type'!: string;
  @ListField(() => String, { values: PERSONAL_GROUPS, description: 'What is shown, and was registered' })
  groups!: PersonalGroup[];
  @TextField({ optional: true, example: '张小明' }) name?: string | undefined;
  @TextField({ optional: true, example: 'ID_CARD' }) idType?: string | undefined;
  @TextField({ optional: true }) idNumber?: string | undefined;
  @DateField({ optional: true }) birthDate?: string | undefined;
  @IntegerField({ optional: true, description: 'Reckoned today, never stored', example: 45 }) age?: number | undefined;
  @TextField({ optional: true, example: '+8613800138000' }) msisdn?: string | undefined;
  @TextField({ optional: true, example: 'someone@example.com' }) email?: string | undefined;
  @TextField({ optional: true }) address?: string | undefined;
  @TextField({ optional: true, example: 'female' }) sex?: string | undefined;
  @TextField({ optional: true, example: 'married' }) maritalStatus?: string | undefined;
  @TextField({ optional: true, example: 'employed' }) workStatus?: string | undefined;
}

export function disclosureView({ customerId, groups, facts, document }: Disclosure): DisclosureView {
  const { phone, ...others } = facts;
  return {
    ...headOf(customers, customerId),
    groups: [...groups],
    ...(others as Partial<DisclosureView>),
    msisdn: typeof phone === 'string' ? phone : undefined,
    idType: document?.kind,
    idNumber: document?.number,
  };
}

/** What the register says of it. */
export const entryOf = ({ customerId, groups, purpose }: Disclosure, actor: Actor): AccessEntry => ({
  actor,
  action: 'customers.unmask',
  customerIds: [customerId],
  fieldGroups: groups.map((group) => `${group}-plain`),
  purpose,
});
