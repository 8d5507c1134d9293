import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { Database } from '../../../platform/database/index.js';
import { isAllowed, type Actor } from '../../../platform/identity/index.js';
import { groupsToDisclose } from '../domain/disclosure.js';
import { MAIN_FACTS, mainFactsOf, PERSONAL_GROUPS, type MainFact, type PersonalGroup } from '../domain/main-facts.js';
import { CustomerNotFound } from '../domain/refusals.js';
import { processingPurposes } from '../persistence/purposes.js';
import { CallerVerifications } from './caller-verifications.query.js';
import { ReadCustomers } from './read-customers.query.js';
import { FindRealName } from './real-name.query.js';

export interface Disclosure {
  readonly customerId: string;
  readonly groups: readonly PersonalGroup[];
  readonly purpose: string;
  /** The main facts of these groups, in the clear. */
  readonly facts: Readonly<Partial<Record<MainFact, string | number>>>;
  readonly document: { readonly kind: string | undefined; readonly number: string } | undefined;
}

interface Asked {
  readonly actor: Actor;
  readonly customerId: string;
  readonly groups?: readonly PersonalGroup[] | undefined;
  readonly purpose?: string | undefined;
  /** Of the caller, who waits for an answer about himself. */
  readonly verificationId?: string | undefined;
}

/** Shows one customer in plain (查看明文资料): only the groups that the actor's permissions and the purpose both allow. */
@Injectable()
export class DiscloseCustomer {
  constructor(
    private readonly database: Database,
    private readonly read: ReadCustomers,
    private readonly realName: FindRealName,
    private readonly verifications: CallerVerifications,
    private readonly clock: Clock,
  ) {}

  /** @throws CustomerNotFound, CallerNotVerified, UnknownDisclosurePurpose, GroupNotPermitted, PurposeDoesNotCover */
  async execute({ actor, customerId, groups: asked, verificationId, ...given }: Asked): Promise<Disclosure> {
    const purpose = given.purpose ?? (verificationId === undefined ? '' : 'service');
    const permitted = PERSONAL_GROUPS.filter((group) => isAllowed(actor, `customers.${group}`));
    const groups = groupsToDisclose({ groups: asked, purpose }, permitted, await processingPurposes(this.database));
    if (verificationId !== undefined) await this.verifications.require(actor, customerId, verificationId);
    return this.shown(customerId, groups, purpose);
  }

  /** Everybody may see all that is known of himself (PIPL 45). @throws CustomerNotFound */
  toCustomer(customerId: string): Promise<Disclosure> {
    return this.shown(customerId, PERSONAL_GROUPS, 'own-request');
  }

  private async shown(customerId: string, groups: readonly PersonalGroup[], purpose: string): Promise<Disclosure> {
    const customer = await this.read.one(customerId);
    if (!customer) throw new CustomerNotFound();
    const facts = Object.entries(mainFactsOf(customer, businessDate(this.clock.now()))).filter(
      ([fact, value]) => value !== undefined && groups.includes(MAIN_FACTS[fact as MainFact]),
    );
    const { idNumber } = customer.identity;
    const known = idNumber === undefined ? undefined : { kind: customer.idType, number: idNumber };
    return {
      customerId: customer.customerId,
      groups,
      purpose,
      facts: Object.fromEntries(facts),
      document: groups.includes('identity') ? (known ?? (await this.realName.document(customerId))) : undefined,
    };
  }
}
