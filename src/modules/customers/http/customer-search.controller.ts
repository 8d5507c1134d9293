import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import { CurrentActor, EnumField, headOf, IdField, Operation, TextField } from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { InvalidMsisdn } from '../../../platform/privacy/index.js';
import { AccessRegister } from '../../organization/index.js';
import { ReadCustomers } from '../application/read-customers.query.js';
import { CustomerNotFound, SearchKeyMissing } from '../domain/refusals.js';
import { customers } from './customer.resource.js';
import { customerView, CustomerView } from './customer.view.js';

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

const PURPOSES = ['service', 'complaint', 'verification', 'care', 'legal'] as const;

class DisclosureBody {
  @IdField({ description: 'The id of a customer, from their list' }) customerId!: string;
  @EnumField({ values: PURPOSES, enumName: 'DisclosurePurpose', example: 'verification' }) purpose!: string;
}

class DisclosureView {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'Customer' }) '@type'!: string;
  @TextField({ optional: true }) name?: string | undefined;
  @TextField({ optional: true }) msisdn?: string | undefined;
  @TextField({ optional: true }) idType?: string | undefined;
  @TextField({ optional: true }) idNumber?: string | undefined;
  @TextField({ optional: true }) birthDate?: string | undefined;
}

@ApiTags('Customers (客户档案, TMF629)')
@Controller('/care-api/customers/v1')
export class CustomerSearchController {
  constructor(
    private readonly read: ReadCustomers,
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
    description: 'One customer at a time and for a purpose; both are written to the access register before the answer.',
    permission: 'customers.unmask',
    concerns: { customer: 'body.customerId', unknown: CustomerNotFound },
    returns: DisclosureView,
    refusals: [CustomerNotFound],
  })
  async disclose(
    @Body() { customerId, purpose }: DisclosureBody,
    @CurrentActor() actor: Actor,
  ): Promise<DisclosureView> {
    const customer = await this.read.one(customerId);
    if (!customer) throw new CustomerNotFound();
    const fieldGroups = ['identity-plain', 'contact-plain'];
    const customerIds = [customer.customerId];
    await this.register.record({ actor, action: 'customers.unmask', customerIds, fieldGroups, purpose });
    const { name, idNumber, birthDate } = customer.identity;
    return {
      ...headOf(customers, customer.customerId),
      name,
      msisdn: customer.msisdn,
      idType: customer.idType,
      idNumber,
      birthDate,
    };
  }
}
