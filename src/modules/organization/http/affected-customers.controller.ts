import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { isId } from '../../../platform/database/index.js';
import { IdField, InstantField, IntegerField, ListField, Operation, TextField } from '../../../platform/http/index.js';
import { FindAffectedCustomers } from '../application/find-affected-customers.query.js';

const MOST = 1000;

class AffectedQuery {
  @TextField({ maxLength: 128, description: 'Of the account or key that is suspected' }) actorId!: string;
  @InstantField() from!: Date;
  @InstantField({ example: '2026-02-28T08:00:00+08:00' }) until!: Date;
  @IdField({ optional: true, description: 'The last customer of the page before' }) after?: string;
}

class AffectedCustomerView {
  @IdField() customerId!: string;
  @IntegerField() looks!: number;
  @InstantField() firstAt!: Date;
  @InstantField() lastAt!: Date;
  @ListField(() => String, { example: ['identity', 'contact'] }) fieldGroups!: readonly string[];
}

class AffectedCustomersView {
  @TextField({ example: 'AffectedCustomers' }) '@type'!: string;
  @ListField(() => AffectedCustomerView, { description: `Up to ${MOST}, by id` }) customers!: AffectedCustomerView[];
  @IdField({ optional: true, description: 'There are more: ask for those after it' }) next?: string | undefined;
  @IntegerField({
    description: 'Looks at lists so long that the register does not name everybody: look at these lines',
  })
  unnamedLooks!: number;
}

@ApiTags('Access register (客户信息查阅登记)')
@Controller('/care-api/organization/v1/affectedCustomers')
export class AffectedCustomersController {
  constructor(private readonly find: FindAffectedCustomers) {}

  @Get()
  @Operation({
    summary: 'Whose data an account has seen, after an incident (泄露事件受影响客户)',
    description: 'Whom to tell when an account or key was stolen (PIPL 57): from the access register, in a time.',
    permission: 'organization.audit',
    returns: AffectedCustomersView,
  })
  async list(@Query() { after, ...looks }: AffectedQuery): Promise<AffectedCustomersView> {
    const page = { after: after !== undefined && isId(after) ? after : undefined, limit: MOST };
    const customers = await this.find.execute(looks, page);
    return {
      '@type': 'AffectedCustomers',
      customers: [...customers],
      next: customers.length === MOST ? customers.at(-1)?.customerId : undefined,
      unnamedLooks: await this.find.unnamedLooks(looks),
    };
  }
}
