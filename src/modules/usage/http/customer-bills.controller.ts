import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Database } from '../../../platform/database/index.js';
import { CurrentActor, ListQuery, Operation, Page, readPage, type ListRequest } from '../../../platform/http/index.js';
import { seesAmounts, type Actor } from '../../../platform/identity/index.js';
import { selectFields } from '../../../platform/http/index.js';
import { CustomersFacade } from '../../customers/index.js';
import { AccessRegister } from '../../organization/index.js';
import { BILL_COLUMNS, billIdOf, FindBills, type BillRow } from '../application/find-bills.query.js';
import { BillNotFound } from '../domain/refusals.js';
import { CustomerBillView } from './billing.dto.js';
import { customerBills } from './billing.resources.js';
import { customerBillView } from './customer-bill.view.js';

/** Counting millions of rows for a page header would cost more than the page. */
const COUNTED_UP_TO = 100_000;

@ApiTags('Customer bills (账单, in the shape of TMF678)')
@Controller(customerBills.path)
export class CustomerBillsController {
  constructor(
    private readonly database: Database,
    private readonly bills: FindBills,
    private readonly customers: CustomersFacade,
    private readonly register: AccessRegister,
  ) {}

  @Get()
  @Operation({
    summary: 'List bills (话费查询)',
    description:
      `Ask for one customer with relatedParty.id, for a month with month. Bills are shown in their current version. ` +
      `X-Total-Count counts up to ${COUNTED_UP_TO}. In the shape of TMF678 v4; no conformance is claimed.`,
    permission: 'billing.read',
    selfService: true,
    returns: CustomerBillView,
  })
  async list(
    @ListQuery(customerBills) list: ListRequest,
    @CurrentActor() actor: Actor,
  ): Promise<Page<CustomerBillView>> {
    const page = await readPage<BillRow>(
      this.database,
      { ...list, fields: undefined },
      {
        select: BILL_COLUMNS,
        from: 'usage.customer_bill b',
        where: 'b.is_current',
        countSql: `SELECT count(*) AS total FROM (SELECT FROM usage.customer_bill b WHERE {where} LIMIT ${COUNTED_UP_TO}) counted`,
      },
      (row) => row,
    );
    const rows = page.items as readonly BillRow[];
    const shown = await this.shown(rows, actor);
    await this.registerRead(
      actor,
      'billing.list',
      rows.map((row) => row.customer_id),
    );
    return new Page(
      shown.map((view) => selectFields(view, list.fields)),
      page.total,
    );
  }

  @Get(':id')
  @Operation({
    summary: 'One bill (账单详情)',
    permission: 'billing.read',
    selfService: true,
    concerns: { customerBill: 'params.id', unknown: BillNotFound },
    returns: CustomerBillView,
    refusals: [BillNotFound],
  })
  async get(@Param('id') id: string, @CurrentActor() actor: Actor): Promise<CustomerBillView> {
    const bill = await this.bills.byId(id);
    const [view] = bill ? await this.shown([bill], actor) : [];
    if (!bill || !view) throw new BillNotFound();
    await this.registerRead(actor, 'billing.read', [bill.customer_id]);
    return view;
  }

  private async shown(bills: readonly BillRow[], actor: Actor): Promise<readonly CustomerBillView[]> {
    const customerIds = [...new Set(bills.map((bill) => bill.customer_id))];
    const [standings, accounts] = await Promise.all([
      this.bills.standingsOf(customerIds),
      this.customers.maskedAccountsOf(customerIds),
    ]);
    return bills.map((bill) =>
      customerBillView(bill, {
        standing: standings.get(billIdOf(bill)),
        account: accounts.get(bill.customer_id),
        showsAmounts: seesAmounts(actor),
      }),
    );
  }

  private registerRead(actor: Actor, action: string, customerIds: readonly string[]): Promise<void> {
    return this.register.record({ actor, action, customerIds: [...new Set(customerIds)], fieldGroups: ['billing'] });
  }
}
