import { Body, Controller, Delete, Get, Headers, Param, Patch, Post, Res } from '@nestjs/common';
import { ApiHeader, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import {
  applyMergePatch,
  AttributeNotPatchable,
  CurrentActor,
  ErrorBody,
  ListQuery,
  mergePatch,
  Operation,
  ProtocolRefusal,
  ResourceIdPipe,
  type ListRequest,
  type Page,
} from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { AccessRegister } from '../../organization/index.js';
import { ChangeCustomer } from '../application/change-customer.js';
import { CreateCustomer } from '../application/create-customer.js';
import { ReadCustomers, type OpenCustomer } from '../application/read-customers.query.js';
import { WithdrawCustomer } from '../application/withdraw-customer.js';
import type { Collected, FactSource } from '../domain/main-facts.js';
import {
  ConsentNeeded,
  CustomerChanged,
  CustomerHasHistory,
  CustomerNotFound,
  FactRefused,
} from '../domain/refusals.js';
import { customers } from './customer.resource.js';
import {
  clientAttributes,
  CreateCustomerBody,
  customerView,
  CustomerView,
  PatchCustomerBody,
} from './customer.view.js';

const SHOWN = ['identity', 'contact', 'subscription'];

@ApiTags('Customers (客户档案, TMF629)')
@Controller(customers.path)
export class CustomersController {
  constructor(
    private readonly read: ReadCustomers,
    private readonly createCustomer: CreateCustomer,
    private readonly changeCustomer: ChangeCustomer,
    private readonly withdrawCustomer: WithdrawCustomer,
    private readonly register: AccessRegister,
    private readonly clock: Clock,
  ) {}

  @Get()
  @Operation({
    summary: 'List customers (客户列表)',
    description: 'Names and numbers are masked. The list is written to the access register.',
    permission: 'customers.read',
    returns: CustomerView,
  })
  async list(@ListQuery(customers) list: ListRequest, @CurrentActor() actor: Actor): Promise<Page<CustomerView>> {
    const page = await this.read.page(list, (customer) => this.view(customer));
    const customerIds = page.items.flatMap(({ id }) => id ?? []);
    await this.register.record({ actor, action: 'customers.list', customerIds, fieldGroups: SHOWN });
    return page;
  }

  @Get(':id')
  @Operation({
    summary: 'One customer (客户资料)',
    description: 'Masked; `ETag` is its version for `If-Match`. The read is written to the access register.',
    permission: 'customers.read',
    selfService: true,
    concerns: { customer: 'params.id', unknown: CustomerNotFound },
    returns: CustomerView,
    refusals: [CustomerNotFound],
  })
  async get(
    @Param('id', ResourceIdPipe) id: string,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CustomerView> {
    const customer = await this.read.one(id);
    if (!customer) throw new CustomerNotFound();
    return this.answer(customer, 'customers.read', actor, reply);
  }

  @Post()
  @Operation({
    summary: 'Create a customer that BOSS does not know yet (新增客户)',
    description: 'Attributes that are not ours are kept. `status`, `account` and `validFor` are set by the server.',
    permission: 'customers.manage',
    creates: CustomerView,
    idempotent: true,
    refusals: [FactRefused, ConsentNeeded],
  })
  async create(
    @Body() body: CreateCustomerBody,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CustomerView> {
    const { name: partyName = body.name, '@referredType': referredType, ...party } = body.engagedParty;
    const customerId = await this.createCustomer.execute({
      partyKind: referredType === 'Organization' ? 'organization' : 'individual',
      partyName,
      extra: { ...clientAttributes(body), engagedParty: party },
      place: {
        region: actor.scope.provinces[0],
        branchCode: actor.scope.branches[0],
        managerId: actor.scope.managerId,
      },
      collected: collectedBy(actor, body.factSource),
    });
    const customer = await this.read.one(customerId);
    if (!customer) throw new CustomerNotFound();
    return this.answer(customer, 'customers.create', actor, reply);
  }

  @Patch(':id')
  @ApiResponse({ status: 412, description: `\`${CustomerChanged.code}\``, type: ErrorBody })
  @ApiHeader({ name: 'If-Match', required: false, description: 'The `ETag` of the customer as it was read' })
  @Operation({
    summary: 'Change a customer (修改客户资料)',
    description:
      'JSON merge patch. What BOSS says (name of its customers, status, account, number) cannot be changed here.',
    permission: 'customers.manage',
    concerns: { customer: 'params.id', unknown: CustomerNotFound },
    returns: CustomerView,
    refusals: [CustomerNotFound, AttributeNotPatchable, FactRefused, ConsentNeeded],
  })
  async patch(
    @Param('id', ResourceIdPipe) id: string,
    @Body() body: PatchCustomerBody,
    @Headers('if-match') ifMatch: string | undefined,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CustomerView> {
    const decide = (before: OpenCustomer): Record<string, unknown> => {
      const shown = this.view(before);
      const fromBoss = before.accountNo === undefined ? [] : ['name'];
      applyMergePatch(shown, body, { serverSet: [...(customers.serverSet ?? []), ...fromBoss] });
      return mergePatch(before.extra, clientAttributes(body, { shown, customer: before })) as Record<string, unknown>;
    };
    const change = { expectedVersion: versionOf(ifMatch), collected: collectedBy(actor, body.factSource) };
    const changed = await this.changeCustomer.execute(id, decide, change).catch((error: unknown) => {
      throw error instanceof CustomerChanged ? new ProtocolRefusal(412, error.code, error.message, error.facts) : error;
    });
    return this.answer(changed, 'customers.change', actor, reply);
  }

  @Delete(':id')
  @Operation({
    summary: 'Take back a customer without history (撤销客户)',
    description: 'Only one that was created here and never had a number. Nobody deletes customer data (CUS-35).',
    permission: 'customers.manage',
    concerns: { customer: 'params.id', unknown: CustomerNotFound },
    noContent: true,
    refusals: [CustomerNotFound, CustomerHasHistory],
  })
  async delete(@Param('id', ResourceIdPipe) id: string, @CurrentActor() actor: Actor): Promise<void> {
    await this.withdrawCustomer.execute(id);
    await this.register.record({ actor, action: 'customers.withdraw', customerIds: [id], fieldGroups: [] });
  }

  private view(customer: OpenCustomer): CustomerView {
    return customerView(customer, businessDate(this.clock.now()));
  }

  private async answer(
    customer: OpenCustomer,
    action: string,
    actor: Actor,
    reply: FastifyReply,
  ): Promise<CustomerView> {
    await this.register.record({ actor, action, customerIds: [customer.customerId], fieldGroups: SHOWN });
    reply.header('ETag', `"${customer.version}"`);
    return this.view(customer);
  }
}

const collectedBy = ({ kind, id }: Actor, source: FactSource = 'manual'): Omit<Collected, 'at'> => ({
  source,
  byKind: kind,
  by: id,
});

/** `undefined` without a condition; what is no version of ours matches none. */
function versionOf(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined || ifMatch === '*') return undefined;
  const digits = /^(?:W\/)?"(\d{1,9})"$/.exec(ifMatch)?.[1];
  return digits === undefined ? -1 : Number(digits);
}
