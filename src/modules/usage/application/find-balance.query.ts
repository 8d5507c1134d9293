import { Injectable } from '@nestjs/common';
import { businessDate, businessMonth, Clock } from '../../../platform/clock/index.js';
import { Database } from '../../../platform/database/index.js';
import { AGEING } from '../domain/ageing.js';
import { OPERATION } from '../domain/codes.js';

/** What somebody owes and has left, in fen. */
export interface Balance {
  readonly asOf: Date;
  readonly openBills: number;
  readonly openFen: number;
  readonly overdueFen: number;
  /** What was paid and no bill has taken yet (预存余额), as far back as our records go. */
  readonly prepaidFen: number;
  readonly paidThisMonthFen: number;
}

export interface Arrears {
  readonly asOf: string;
  readonly notDueFen: number;
  readonly overdueFen: number;
  readonly buckets: readonly { readonly bucket: string; readonly fen: number }[];
  readonly bills: readonly {
    readonly billNo: string | null;
    readonly cycle: string;
    readonly dueOn: string;
    readonly daysOverdue: number;
    readonly remainingFen: number;
    readonly state: string;
  }[];
}

export interface PaymentBehaviour {
  readonly settledBills: number;
  readonly onTimeBills: number;
  readonly lateDays: number;
  readonly writtenOffBills: number;
  readonly billedOfLast12: number;
  readonly settledOfLast12: number;
  readonly suspensions: number;
  readonly payments: number;
  readonly paymentsByOthers: number;
  readonly paymentsByMethod: Readonly<Record<string, number>>;
  readonly paidFen: number;
  readonly lastPaidAt: Date | null;
  readonly lastPaidFen: number | null;
}

@Injectable()
export class FindBalance {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async of(customerId: string): Promise<Balance> {
    const asOf = this.clock.now();
    const [row] = await this.database.query<Omit<Balance, 'asOf'>>(
      `SELECT b.open_bills AS "openBills", b.open_fen AS "openFen", b.overdue_fen AS "overdueFen",
         greatest(0, m.paid_fen - b.settled_fen) AS "prepaidFen", m.this_month_fen AS "paidThisMonthFen"
       FROM (
         SELECT (count(*) FILTER (WHERE remaining_fen > 0))::int AS open_bills, COALESCE(sum(remaining_fen), 0)::bigint AS open_fen,
           COALESCE(sum(remaining_fen) FILTER (WHERE due_on < $2::date), 0)::bigint AS overdue_fen,
           COALESCE(sum(payable_fen - remaining_fen - written_off_fen) FILTER (WHERE has_bill), 0)::bigint AS settled_fen
         FROM usage.bills_of($1, 'infinity')
       ) b CROSS JOIN (
         SELECT COALESCE(sum(p.amount_fen) FILTER (WHERE ${IS_PLACED}), 0)::bigint AS paid_fen,
           COALESCE(sum(p.amount_fen) FILTER (WHERE p.month = $3::date), 0)::bigint AS this_month_fen
         FROM usage.payment p WHERE p.customer_id = $1 AND p.is_current AND p.operation <> ${OPERATION.CANCEL}
       ) m`,
      [customerId, businessDate(asOf), `${businessMonth(asOf)}-01`],
    );
    if (!row) throw new Error('Sums without a row');
    return { asOf, ...row };
  }

  async arrearsOf(customerId: string): Promise<Arrears> {
    const asOf = businessDate(this.clock.now());
    const bills = await this.database.query<Arrears['bills'][number]>(
      `SELECT bill_no AS "billNo", cycle, due_on AS "dueOn", greatest(0, $2::date - due_on) AS "daysOverdue",
         remaining_fen AS "remainingFen", state
       FROM usage.bills_of($1, 'infinity') WHERE remaining_fen > 0 ORDER BY due_on, cycle, bill_no`,
      [customerId, asOf],
    );
    const owed = (from: number, to = Infinity): number =>
      bills.reduce(
        (sum, bill) => (bill.daysOverdue >= from && bill.daysOverdue <= to ? sum + bill.remainingFen : sum),
        0,
      );
    return {
      asOf,
      notDueFen: owed(0, 0),
      overdueFen: owed(1),
      buckets: AGEING.map(({ bucket, fromDays, toDays }) => ({ bucket, fen: owed(fromDays, toDays) })),
      bills,
    };
  }

  async behaviourOf(customerId: string): Promise<PaymentBehaviour> {
    const [row] = await this.database.query<PaymentBehaviour>(
      `SELECT settled_bills AS "settledBills", on_time_bills AS "onTimeBills", late_days AS "lateDays",
         written_off_bills AS "writtenOffBills", billed_of_last_12 AS "billedOfLast12", settled_of_last_12 AS "settledOfLast12",
         suspensions, payments, payments_by_others AS "paymentsByOthers", payments_by_method AS "paymentsByMethod",
         paid_fen AS "paidFen", last_paid_at AS "lastPaidAt", last_paid_fen AS "lastPaidFen"
       FROM usage.payment_behaviour_of($1, 'infinity')`,
      [customerId],
    );
    if (!row) throw new Error('Sums without a row');
    return row;
  }
}

/** Money for a bill that we never saw says nothing of the balance. */
const IS_PLACED = `p.bill_no IS NULL OR EXISTS (
  SELECT FROM usage.customer_bill b WHERE b.customer_id = p.customer_id AND b.source = p.source AND b.bill_no = p.bill_no)`;
