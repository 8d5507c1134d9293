import type { Tx } from '../../../src/platform/database/index.js';
import { keepCustomers as keepTheirArchive, type AnyCustomer as Customer } from '../customers/facts.js';

export interface AnyCustomer extends Customer {
  /** Day on which a bill fell due that is not paid. */
  readonly unpaidSince?: string | null;
  readonly months?: readonly AnyMonth[];
}

export interface AnyMonth {
  /** First day. */
  readonly month: string;
  readonly spend_fen?: number;
  readonly net_spend_fen?: number;
  readonly voice_mo_sec?: number;
  readonly voice_mt_sec?: number;
  readonly data_kb?: number;
  readonly sms?: number;
  readonly calls?: number;
  readonly forwarded_calls?: number;
  readonly rival_hotline_calls?: number;
  readonly mnp_queries?: number;
  readonly mnp_codes?: number;
  readonly bill_detail_queries?: number;
  readonly one_way_suspensions?: number;
  readonly two_way_suspensions?: number;
  readonly subscribed_package_fen?: number | null;
}

const figures = [
  'spend_fen', 'net_spend_fen', 'voice_mo_sec', 'voice_mt_sec', 'data_kb', 'sms', 'calls', 'forwarded_calls', 'rival_hotline_calls',
  'mnp_queries', 'mnp_codes', 'bill_detail_queries', 'one_way_suspensions', 'two_way_suspensions',
] as const; // prettier-ignore

export async function keepCustomers(writer: Pick<Tx, 'query'>, customers: readonly AnyCustomer[]): Promise<void> {
  await keepTheirArchive(writer, customers);
  await writer.query(
    `INSERT INTO usage.customer_month (customer_id, month, subscribed_package_fen, ${figures.join(', ')})
     SELECT customer_id, month, fee, ${figures.map((each) => `COALESCE(${each}, 0)`).join(', ')}
     FROM jsonb_to_recordset($1::jsonb) AS m (customer_id uuid, month date, fee bigint, ${figures.map((each) => `${each} int`).join(', ')})`,
    [
      JSON.stringify(
        customers.flatMap(({ customerId, months = [] }) =>
          months.map((each) => ({
            ...each,
            customer_id: customerId,
            fee: each.subscribed_package_fen === undefined ? 5_900 : each.subscribed_package_fen,
          })),
        ),
      ),
    ],
  );
  await writer.query(
    `INSERT INTO usage.customer_bill (customer_id, source, bill_no, version, file_id, content_hash, cycle, monthly_fee_fen,
       voice_fen, sms_fen, data_fen, roaming_fen, vas_fen, collected_for_others_fen, discount_fen, gift_fen, adjustment_fen,
       payable_fen, paid_fen, arrears_fen, due_on, issued_at, is_current, recorded_at)
     SELECT customer_id, 'T1', 'B1', 1, customer_id, 0, date_trunc('month', due_on)::date, 5900, 0, 0, 0, 0, 0, 0, 0, 0, 0,
       5900, 0, 5900, due_on, '2026-01-01', true, '2026-01-01'
     FROM jsonb_to_recordset($1::jsonb) AS b (customer_id uuid, due_on date)`,
    [
      JSON.stringify(
        customers.flatMap(({ customerId, unpaidSince }) =>
          unpaidSince ? [{ customer_id: customerId, due_on: unpaidSince }] : [],
        ),
      ),
    ],
  );
}

/** Months that lead up to 2026-02-01: the first is 2026-01, the second 2025-12 … */
export function monthsBack(...newestFirst: readonly Omit<AnyMonth, 'month'>[]): AnyMonth[] {
  return newestFirst.map((each, back) => ({
    ...each,
    month: new Date(Date.UTC(2026, -back, 1)).toISOString().slice(0, 10),
  }));
}
