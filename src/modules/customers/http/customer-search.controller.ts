import { Body, Controller, HttpCode, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { CurrentActor, IdField, ListField, Operation, TextField } from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { InvalidMsisdn } from '../../../platform/privacy/index.js';
import { AccessRegister } from '../../organization/index.js';
import { ReadCustomers } from '../application/read-customers.query.js';
import { DiscloseCustomer } from '../application/disclose-customer.js';
import { PERSONAL_GROUPS, type PersonalGroup } from '../domain/main-facts.js';
import {
  CustomerNotFound,
  GroupNotPermitted,
  PurposeDoesNotCover,
  SearchKeyMissing,
  UnknownDisclosurePurpose,
} from '../domain/refusals.js';
import { CallerNotVerified } from '../domain/self-service-refusals.js';
import { customerView, CustomerView } from './customer.view.js';
import { disclosureView, DisclosureView, entryOf } from './disclosure.view.js';

class CustomerSearchBody {
  @TextField({
    optional: true,
    maxLength: 20,
    example: '13800138000',
    description: 'With or without +86. One to try: the msisdn that customerDisclosure shows of a customer in the list',
  })
  msisdn?: string;
  @TextField({ optional: true, maxLength: 64, example: 'A100000001' }) accountNo?: string;
  @TextField({ optional: true, maxLength: 12, example: 'BOSS', description: 'The BOSS system of the account' })
  source?: string;
}

class DisclosureBody {
  @IdField({ description: 'The id of a customer, from their list' }) customerId!: string;
  @ListField(() => String, {
    optional: true,
    values: PERSONAL_GROUPS,
    unique: true,
    example: ['identity', 'contact'],
    description: 'Default: all that your permissions and the purpose allow',
  })
  groups?: PersonalGroup[];
  @TextField({
    optional: true,
    maxLength: 64,
    example: 'verification',
    description: 'Why: service, complaint, verification, care or legal; not needed with verificationId',
  })
  purpose?: string;
  @IdField({ optional: true, example: undefined, description: 'Of callerVerification: the customer is on the line' })
  verificationId?: string;
  @IdField({
    optional: true,
    example: undefined,
    description: 'The ticket that is the reason, for the access register',
  })
  ticketId?: string;
}

@ApiTags('Customers (客户档案, TMF629)')
@Controller('/care-api/customers/v1')
export class CustomerSearchController {
  constructor(
    private readonly read: ReadCustomers,
    private readonly disclosing: DiscloseCustomer,
    private readonly register: AccessRegister,
    private readonly clock: Clock,
  ) {}

  // A number in an address would be in every log between here and the client.
  @Post('customerSearch')
  @HttpCode(200)
  @Operation({
    summary: 'Find customers by number or account (按号码、账户查找客户)',
    description:
      'Everybody who has or had the number, its present holder first; masked. The search is written to the access register.',
    permission: 'customers.read',
    limit: { perMinute: 120 },
    returns: [CustomerView],
    refusals: [InvalidMsisdn, SearchKeyMissing],
  })
  async search(@Body() body: CustomerSearchBody, @CurrentActor() actor: Actor): Promise<CustomerView[]> {
    const { msisdn, accountNo, source } = body;
    if (msisdn === undefined && (accountNo === undefined || source === undefined)) throw new SearchKeyMissing();
    const found =
      msisdn !== undefined
        ? await this.read.byMsisdn(msisdn)
        : await this.read.byAccount(source ?? '', accountNo ?? '');
    const customerIds = found.map(({ customerId }) => customerId);
    const fieldGroups = ['identity', 'contact', 'subscription'];
    await this.register.record({ actor, action: 'customers.search', customerIds, fieldGroups });
    const today = businessDate(this.clock.now());
    return found.map((customer) => customerView(customer, today));
  }

  @Post('customerDisclosure')
  @HttpCode(200)
  @Operation({
    summary: 'Show one customer unmasked (查看明文资料)',
    description:
      'One customer at a time, for a purpose or because the caller was verified; written to the access register before the answer, with the ' +
      'groups that are shown. Each group needs its own permission besides: customers.identity, customers.contact, customers.personal.',
    permission: 'customers.unmask',
    limit: { perMinute: 60 },
    concerns: { customer: 'body.customerId', unknown: CustomerNotFound },
    returns: DisclosureView,
    refusals: [CustomerNotFound, CallerNotVerified, UnknownDisclosurePurpose, GroupNotPermitted, PurposeDoesNotCover],
  })
  async disclose(
    @Body() body: DisclosureBody,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<DisclosureView> {
    const { ticketId: ticketRef, ...asked } = body;
    const disclosure = await this.disclosing.execute({ ...asked, actor });
    await this.register.record({
      ...entryOf(disclosure, actor),
      ticketRef,
      ...(body.verificationId !== undefined && { object: { type: 'callerVerification', id: body.verificationId } }),
    });
    reply.header('Cache-Control', 'no-store');
    return disclosureView(disclosure);
  }
}
