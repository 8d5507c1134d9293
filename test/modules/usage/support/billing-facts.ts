import type { Tx } from '../../../../src/platform/database/index.js';

export interface AnyBill {
  readonly customerId: string;
  readonly billNo: string;
  /** First day of the month. */
  readonly cycle: string;
  readonly payableFen: number;
  readonly paidFen?: number;
  readonly dueOn: string;
  readonly issuedAt?: string;
  /** Default: all of it is the monthly fee. */
  readonly voiceFen?: number;
  readonly version?: number;
  readonly isCurrent?: boolean;
  readonly fileId?: string;
}

const NO_FILE = '019a0000-0000-7000-8000-00000000ffff';

/** Writes bills as the intake would have stored them. */
export async function keepBills(writer: Pick<Tx, 'query'>, ...bills: readonly AnyBill[]): Promise<void> {
  await writer.query(
    `INSERT INTO usage.customer_bill (customer_id, source, bill_no, version, file_id, content_hash, cycle, monthly_fee_fen,
       voice_fen, sms_fen, data_fen, roaming_fen, vas_fen, collected_for_others_fen, discount_fen, gift_fen, adjustment_fen,
       payable_fen, paid_fen, arrears_fen, due_on, issued_at, is_current, recorded_at)
     SELECT customer_id, 'BOSS', bill_no, version, file_id, 0, cycle, payable_fen - voice_fen, voice_fen, 0, 0, 0, 0, 0, 0, 0, 0,
       payable_fen, paid_fen, payable_fen - paid_fen, due_on, issued_at, is_current, '2026-01-01'
     FROM jsonb_to_recordset($1::jsonb) AS b (customer_id uuid, bill_no text, version int, file_id uuid, cycle date, payable_fen bigint,
       paid_fen bigint, voice_fen bigint, due_on date, issued_at timestamptz, is_current boolean)`,
    [
      JSON.stringify(
        bills.map((bill) => ({
          customer_id: bill.customerId,
          bill_no: bill.billNo,
          version: bill.version ?? 1,
          file_id: bill.fileId ?? NO_FILE,
          cycle: bill.cycle,
          payable_fen: bill.payableFen,
          paid_fen: bill.paidFen ?? 0,
          voice_fen: bill.voiceFen ?? 0,
          due_on: bill.dueOn,
          issued_at: bill.issuedAt ?? `${bill.cycle}T00:00:00+08:00`,
          is_current: bill.isCurrent ?? true,
        })),
      ),
    ],
  );
}

export interface AnyPayment {
  readonly customerId: string;
  readonly paymentId: string;
  readonly paidAt: string;
  readonly amountFen: number;
  readonly billNo?: string;
  readonly method?: string;
  readonly paidByOther?: boolean;
}

export async function keepPayments(writer: Pick<Tx, 'query'>, ...payments: readonly AnyPayment[]): Promise<void> {
  await writer.query(
    `INSERT INTO usage.payment (customer_id, source, payment_id, version, file_id, content_hash, paid_at, month, amount_fen, method,
       paid_by_other, bill_no, operation, ref_payment_id, is_current, recorded_at)
     SELECT customer_id, 'BOSS', payment_id, 1, '${NO_FILE}', 0, paid_at,
       date_trunc('month', paid_at AT TIME ZONE 'Asia/Shanghai')::date, amount_fen, method, paid_by_other, bill_no, 1, NULL, true,
       '2026-01-01'
     FROM jsonb_to_recordset($1::jsonb) AS p (customer_id uuid, payment_id text, paid_at timestamptz, amount_fen bigint, method text,
       paid_by_other boolean, bill_no text)`,
    [
      JSON.stringify(
        payments.map((payment) => ({
          customer_id: payment.customerId,
          payment_id: payment.paymentId,
          paid_at: payment.paidAt,
          amount_fen: payment.amountFen,
          method: payment.method ?? 'CASH',
          paid_by_other: payment.paidByOther ?? false,
          bill_no: payment.billNo ?? null,
        })),
      ),
    ],
  );
}
