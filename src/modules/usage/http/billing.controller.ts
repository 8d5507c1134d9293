import { Controller, Get, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Database } from '../../../platform/database/index.js';
import {
  CurrentActor, headOf, ListQuery, Operation, readPage, ResourceIdPipe, type ListRequest, type Page,
} from '../../../platform/http/index.js'; // prettier-ignore
import { seesAmounts, type Actor } from '../../../platform/identity/index.js';
import { CustomerNotFound, CustomersFacade } from '../../customers/index.js';
import { AccessRegister } from '../../organization/index.js';
import { FindBalance } from '../application/find-balance.query.js';
import { AGEING } from '../domain/ageing.js';
import { OPERATION } from '../domain/codes.js';
import {
  ArrearsAgeingView,
  BillBalanceView,
  BillPaymentView,
  CustomerArrearsView,
  HugeBillView,
  PaymentBehaviourView,
} from './billing.dto.js';
import { BillingListTooWide } from '../domain/refusals-of-billing.js';
import { requireNarrowEnough } from './narrow-enough.js';
import { arrearsTotals, BILLING, hugeBills, payments } from './billing.resources.js';

const COUNTED_UP_TO = 100_000;

@ApiTags('Billing (帐务: balance, payments, arrears)')
@Controller(BILLING)
export class BillingController {
  constructor(
    private readonly database: Database,
    private readonly balance: FindBalance,
    private readonly customers: CustomersFacade,
    private readonly register: AccessRegister,
  ) {}

  @Get('balance/:customerId')
  @Operation({
    summary: 'What is open, prepaid and paid (余额查询)',
    permission: 'billing.read',
    selfService: true,
    concerns: { customer: 'params.customerId', unknown: CustomerNotFound },
    returns: BillBalanceView,
    refusals: [CustomerNotFound],
  })
  async balanceOf(
    @Param('customerId', ResourceIdPipe) customerId: string,
    @CurrentActor() actor: Actor,
  ): Promise<BillBalanceView> {
    await this.look(actor, customerId);
    const { asOf, openBills, ...amounts } = await this.balance.of(customerId);
    return {
      ...headOf({ type: 'BillBalance', path: `${BILLING}/balance` }, customerId),
      asOf,
      openBills,
      ...(seesAmounts(actor) && amounts),
    };
  }

  @Get('payment')
  @Operation({
    summary: 'List payments (缴费记录)',
    description: `Ask for one customer with customerId. X-Total-Count counts up to ${COUNTED_UP_TO}.`,
    permission: 'billing.read',
    selfService: true,
    returns: BillPaymentView,
    refusals: [BillingListTooWide],
  })
  async payments(@ListQuery(payments) list: ListRequest, @CurrentActor() actor: Actor): Promise<Page<BillPaymentView>> {
    requireNarrowEnough(list, 'customerId', actor);
    const shown = new Set<string>();
    const page = await readPage<PaymentRow, BillPaymentView>(
      this.database,
      list,
      {
        select: `p.customer_id, p.source, p.payment_id, p.paid_at, p.amount_fen, p.method, p.paid_by_other, p.bill_no,
          p.operation = ${OPERATION.CANCEL} AS is_cancelled`,
        from: 'usage.payment p',
        where: 'p.is_current',
        countSql: `SELECT count(*) AS total FROM (SELECT FROM usage.payment p WHERE {where} LIMIT ${COUNTED_UP_TO}) counted`,
      },
      (row) => {
        shown.add(row.customer_id);
        return paymentView(row, seesAmounts(actor));
      },
    );
    await this.register.record({
      actor,
      action: 'billing.payments',
      customerIds: [...shown],
      fieldGroups: ['billing'],
    });
    return page;
  }

  @Get('arrears/:customerId')
  @Operation({
    summary: 'Arrears of a customer by age (欠费账龄)',
    permission: 'billing.read',
    selfService: true,
    concerns: { customer: 'params.customerId', unknown: CustomerNotFound },
    returns: CustomerArrearsView,
    refusals: [CustomerNotFound],
  })
  async arrearsOf(
    @Param('customerId', ResourceIdPipe) customerId: string,
    @CurrentActor() actor: Actor,
  ): Promise<CustomerArrearsView> {
    await this.look(actor, customerId);
    const { asOf, notDueFen, overdueFen, buckets, bills } = await this.balance.arrearsOf(customerId);
    const showsAmounts = seesAmounts(actor);
    return {
      ...headOf({ type: 'CustomerArrears', path: `${BILLING}/arrears` }, customerId),
      asOf,
      ...(showsAmounts && { notDueFen, overdueFen }),
      ageing: buckets.map(({ bucket, fen }) => ({ bucket, ...(showsAmounts && { fen }) })),
      bill: bills.map(({ billNo, cycle, dueOn, daysOverdue, state, remainingFen }) => ({
        ...(billNo !== null && { billNo }),
        month: cycle.slice(0, 7),
        paymentDueDate: dueOn,
        daysOverdue,
        state,
        ...(showsAmounts && { remainingFen }),
      })),
    };
  }

  @Get('paymentBehaviour/:customerId')
  @Operation({
    summary: 'How a customer pays (缴费行为)',
    description: 'For account managers. Judged by what is settled: open bills are in the arrears.',
    permission: 'billing.read',
    concerns: { customer: 'params.customerId', unknown: CustomerNotFound },
    returns: PaymentBehaviourView,
    refusals: [CustomerNotFound],
  })
  async behaviourOf(
    @Param('customerId', ResourceIdPipe) customerId: string,
    @CurrentActor() actor: Actor,
  ): Promise<PaymentBehaviourView> {
    await this.look(actor, customerId);
    const found = await this.balance.behaviourOf(customerId);
    const { settledBills, onTimeBills, lateDays, billedOfLast12, settledOfLast12, paidFen, lastPaidAt, lastPaidFen } =
      found;
    const lateBills = settledBills - onTimeBills;
    const showsAmounts = seesAmounts(actor);
    return {
      ...headOf({ type: 'PaymentBehaviour', path: `${BILLING}/paymentBehaviour` }, customerId),
      settledBills,
      onTimeBills,
      ...(settledBills > 0 && { onTimePercent: Math.floor((onTimeBills * 100) / settledBills) }),
      ...(lateBills > 0 && { meanDaysLate: Math.floor(lateDays / lateBills) }),
      writtenOffBills: found.writtenOffBills,
      monthsBilled: billedOfLast12,
      monthsPaid: settledOfLast12,
      suspensions: found.suspensions,
      payments: found.payments,
      paymentsByOthers: found.paymentsByOthers,
      paymentsByMethod: found.paymentsByMethod,
      ...(lastPaidAt && { lastPaidAt }),
      ...(showsAmounts && { paidFen, ...(lastPaidFen !== null && { lastPaidFen }) }),
    };
  }

  @Get('arrearsAgeing')
  @Operation({
    summary: 'Arrears by province and brand (大客户欠费情况分析)',
    description:
      'Of each day as it began, with what was recovered in the 30 days before. Cut to the provinces of whoever asks.',
    permission: 'analytics.read',
    returns: ArrearsAgeingView,
  })
  ageing(
    @ListQuery(arrearsTotals) list: ListRequest,
    @CurrentActor() { scope }: Actor,
  ): Promise<Page<ArrearsAgeingView>> {
    return readPage<TotalRow, ArrearsAgeingView>(
      this.database,
      list,
      {
        select: 't.*',
        from: 'usage.arrears_total t',
        ...(!scope.everybody && { where: 't.region = ANY($1::text[])', params: [scope.provinces] }),
      },
      totalView,
    );
  }

  @Get('hugeBill')
  @Operation({
    summary: 'Bills out of all proportion, and whether their customers were told (巨额话费提醒)',
    description: 'Above five times the mean of the three months before (Telecommunications Regulations art. 33).',
    permission: 'billing.read',
    returns: HugeBillView,
  })
  async huge(@ListQuery(hugeBills) list: ListRequest, @CurrentActor() actor: Actor): Promise<Page<HugeBillView>> {
    const shown = new Set<string>();
    const page = await readPage<HugeRow, HugeBillView>(
      this.database,
      list,
      { select: 'h.*', from: 'usage.huge_bill h' },
      (row) => {
        shown.add(row.customer_id);
        return hugeView(row, seesAmounts(actor));
      },
    );
    await this.register.record({ actor, action: 'billing.huge', customerIds: [...shown], fieldGroups: ['billing'] });
    return page;
  }

  private async look(actor: Actor, customerId: string): Promise<void> {
    if (!(await this.customers.exists(customerId))) throw new CustomerNotFound();
    await this.register.record({ actor, action: 'billing.read', customerIds: [customerId], fieldGroups: ['billing'] });
  }
}

interface PaymentRow {
  readonly customer_id: string;
  readonly source: string;
  readonly payment_id: string;
  readonly paid_at: Date;
  readonly amount_fen: number;
  readonly method: string | null;
  readonly paid_by_other: boolean;
  readonly bill_no: string | null;
  readonly is_cancelled: boolean;
}

const paymentView = (row: PaymentRow, showsAmounts: boolean): BillPaymentView => ({
  ...headOf(payments, [row.customer_id, row.source, row.payment_id].join('~')),
  customerId: row.customer_id,
  paymentId: row.payment_id,
  paidAt: row.paid_at,
  ...(row.method !== null && { method: row.method }),
  payer: row.paid_by_other ? 'OTHER' : 'SELF',
  ...(row.bill_no !== null && { billNo: row.bill_no }),
  status: row.is_cancelled ? 'canceled' : 'done',
  ...(showsAmounts && { amountFen: row.amount_fen }),
});

interface HugeRow {
  readonly customer_id: string;
  readonly source: string;
  readonly first_bill_no: string;
  readonly bill_no: string;
  readonly cycle: string;
  readonly payable_fen: number;
  readonly earlier_fen: number;
  readonly earlier_months: number;
  readonly found_at: Date;
  readonly notice: string;
  readonly told_at: Date | null;
}

const hugeView = (row: HugeRow, showsAmounts: boolean): HugeBillView => ({
  ...headOf(hugeBills, [row.customer_id, row.source, row.first_bill_no].join('~')),
  customerId: row.customer_id,
  billNo: row.bill_no,
  month: row.cycle.slice(0, 7),
  foundAt: row.found_at,
  notice: row.notice,
  ...(row.told_at && { toldAt: row.told_at }),
  ...(showsAmounts && { payableFen: row.payable_fen, meanFen: Math.floor(row.earlier_fen / row.earlier_months) }),
});

type TotalRow = Readonly<Record<(typeof AGEING)[number]['column'], number>> & {
  readonly as_of: string;
  readonly region: string;
  readonly brand: string;
  readonly customers: number;
  readonly owing_customers: number;
  readonly not_due_fen: number;
  readonly overdue_fen: number;
  readonly earlier_overdue_fen: number;
  readonly recovered_fen: number;
};

const totalView = (row: TotalRow): ArrearsAgeingView => ({
  ...headOf(arrearsTotals, [row.as_of, row.region, row.brand].join('~')),
  asOf: row.as_of,
  region: row.region,
  brand: row.brand,
  customers: row.customers,
  owingCustomers: row.owing_customers,
  notDueFen: row.not_due_fen,
  overdueFen: row.overdue_fen,
  ageing: AGEING.map(({ bucket, column }) => ({ bucket, fen: row[column] })),
  earlierOverdueFen: row.earlier_overdue_fen,
  recoveredFen: row.recovered_fen,
  ...(row.earlier_overdue_fen > 0 && {
    recoveredPercent: Number((BigInt(row.recovered_fen) * 100n) / BigInt(row.earlier_overdue_fen)),
  }),
});
