import { Controller, Get, Param, Query, StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Database } from '../../../platform/database/index.js';
import {
  CurrentActor,
  ListQuery,
  Operation,
  Page,
  readPage,
  selectFields,
  type ListRequest,
} from '../../../platform/http/index.js';
import { seesAmounts, type Actor } from '../../../platform/identity/index.js';
import { CustomersFacade } from '../../customers/index.js';
import { AccessRegister } from '../../organization/index.js';
import { BILL_COLUMNS, billIdOf, FindBills, type BillRow } from '../application/find-bills.query.js';
import { RenderBill } from '../application/render-bill.query.js';
import { AmountsNotShown, BillingListTooWide, BillNotFound } from '../domain/refusals-of-billing.js';
import { BillRenderingQuery, CustomerBillView } from './billing.dto.js';
import { customerBills } from './billing.resources.js';
import { requireNarrowEnough } from './narrow-enough.js';
import { customerBillView, type BesideBill } from './customer-bill.view.js';

/** Counting millions of rows for a page header would cost more than the page. */
const COUNTED_UP_TO = 100_000;

@ApiTags('Customer bills (账单, in the shape of TMF678)')
@Controller(customerBills.path)
export class CustomerBillsController {
  constructor(
    private readonly database: Database,
    private readonly bills: FindBills,
    private readonly rendering: RenderBill,
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
    refusals: [BillingListTooWide],
  })
  async list(
    @ListQuery(customerBills) list: ListRequest,
    @CurrentActor() actor: Actor,
  ): Promise<Page<CustomerBillView>> {
    requireNarrowEnough(list, 'relatedParty.id', actor);
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

  @Get(':id/rendering')
  @Operation({
    summary: 'One bill as its customer wants to read it (个性化帐单)',
    description: 'In the layout and language of the preference (`billPreference`), as HTML or plain text.',
    permission: 'billing.read',
    selfService: true,
    concerns: { customerBill: 'params.id', unknown: BillNotFound },
    returns: 'text/html',
    refusals: [BillNotFound, AmountsNotShown],
  })
  async rendered(
    @Param('id') id: string,
    @Query() { format }: BillRenderingQuery,
    @CurrentActor() actor: Actor,
  ): Promise<StreamableFile> {
    const bill = await this.bills.byId(id);
    if (!bill) throw new BillNotFound();
    if (!seesAmounts(actor)) throw new AmountsNotShown();
    const beside = (await this.beside([bill]))(bill);
    if (!beside) throw new BillNotFound();
    const text = await this.rendering.execute(bill, beside.standing, beside.account, format);
    await this.registerRead(actor, 'billing.render', [bill.customer_id]);
    return new StreamableFile(Buffer.from(text), {
      type: `text/${format === 'html' ? 'html' : 'plain'}; charset=utf-8`,
      disposition: 'inline',
    });
  }

  private async shown(bills: readonly BillRow[], actor: Actor): Promise<readonly CustomerBillView[]> {
    const beside = await this.beside(bills);
    const showsAmounts = seesAmounts(actor);
    return bills.flatMap((bill) => {
      const found = beside(bill);
      return found ? [customerBillView(bill, { ...found, showsAmounts })] : [];
    });
  }

  /** What is not in the bills themselves, read at once for all of them; of one that was superseded between the two looks nothing. */
  private async beside(bills: readonly BillRow[]): Promise<(bill: BillRow) => BesideBill | undefined> {
    const customerIds = [...new Set(bills.map((bill) => bill.customer_id))];
    const [standings, accounts] = await Promise.all([
      this.bills.standingsOf(customerIds),
      this.customers.maskedAccountsOf(customerIds),
    ]);
    return (bill) => {
      const standing = standings.get(billIdOf(bill));
      return standing && { standing, account: accounts.get(bill.customer_id) };
    };
  }

  private registerRead(actor: Actor, action: string, customerIds: readonly string[]): Promise<void> {
    return this.register.record({ actor, action, customerIds: [...new Set(customerIds)], fieldGroups: ['billing'] });
  }
}
