import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  CurrentActor,
  defineResource,
  EnumField,
  InstantField,
  ListField,
  ListQuery,
  Operation,
  ResourceIdPipe,
  TextField,
  type ListRequest,
  type Page,
} from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { AccessRegister, FindAccesses, type Access } from '../../organization/index.js';
import { CustomerNotFound } from '../domain/refusals.js';
import { NotACustomer } from '../domain/self-service-refusals.js';
import { customerOnly } from './customer-session.controller.js';

const AREA = '/care-api/customers/v1';
const ACTOR_KINDS = ['staff', 'system', 'customer', 'unknown'];
const RESULTS = ['granted', 'refused'];

const accesses = defineResource({
  type: 'CustomerAccess',
  path: `${AREA}/customerAccess`,
  idColumn: 'a.entry_id',
  attributes: {
    occurredAt: { type: 'instant', column: 'a.occurred_at', filter: true, sort: true },
    action: { type: 'text', column: 'a.action', filter: true },
    result: { type: 'enum', column: 'a.result', values: RESULTS, filter: true },
  },
  defaultSort: '-occurredAt',
});

class CustomerAccessView {
  @TextField({ example: 'CustomerAccess' }) '@type'!: string;
  @InstantField() occurredAt!: Date;
  @EnumField({ values: ACTOR_KINDS }) actorKind!: string;
  @TextField({ example: 'hotline-agent' }) actorRole!: string;
  @TextField({ optional: true, example: 'Guangzhou branch' }) unitName?: string | undefined;
  @TextField({ example: 'customers.read' }) action!: string;
  @ListField(() => String, { example: ['identity', 'contact'] }) fieldGroups!: readonly string[];
  @TextField({ example: 'service' }) purpose!: string;
  @EnumField({ values: RESULTS }) result!: string;
}

@ApiTags('Access register (客户信息查阅登记)')
@Controller(AREA)
export class CustomerAccessesController {
  constructor(
    private readonly find: FindAccesses,
    private readonly register: AccessRegister,
  ) {}

  @Get('customerAccess/:customerId')
  @Operation({
    summary: 'Who looked at a customer, to be told to that customer (客户信息被查阅记录)',
    description: 'When, in which role and unit, at what and why; no ids of the staff.',
    permission: 'privacy.read',
    concerns: { customer: 'params.customerId', unknown: CustomerNotFound },
    returns: CustomerAccessView,
    refusals: [CustomerNotFound],
  })
  ofCustomer(
    @Param('customerId', ResourceIdPipe) customerId: string,
    @ListQuery(accesses) list: ListRequest,
    @CurrentActor() actor: Actor,
  ): Promise<Page<CustomerAccessView>> {
    return this.answer(customerId, list, actor);
  }

  @Get('me/access')
  @Operation({
    summary: 'Who looked at one’s own data (本人信息被查阅记录)',
    description: 'When, in which role and unit, at what and why; no ids of the staff.',
    permission: 'customers.read',
    selfService: true,
    returns: CustomerAccessView,
    refusals: [NotACustomer],
  })
  own(@ListQuery(accesses) list: ListRequest, @CurrentActor() actor: Actor): Promise<Page<CustomerAccessView>> {
    return this.answer(customerOnly(actor).id, list, actor);
  }

  private async answer(customerId: string, list: ListRequest, actor: Actor): Promise<Page<CustomerAccessView>> {
    const page = await this.find.ofCustomer(customerId, list, accessView);
    await this.register.record({
      actor,
      action: 'customers.accesses',
      customerIds: [customerId],
      fieldGroups: ['accesses'],
    });
    return page;
  }
}

const accessView = (access: Access): CustomerAccessView => ({
  '@type': accesses.type,
  occurredAt: access.occurredAt,
  actorKind: access.actorKind,
  actorRole: access.actorRole,
  unitName: access.unitName ?? undefined,
  action: access.action,
  fieldGroups: access.fieldGroups,
  purpose: access.purpose,
  result: access.result,
});
