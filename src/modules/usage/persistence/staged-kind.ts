import { OPERATION } from '../domain/codes.js';
import { arrearsFigures, parseArrears, type ArrearsRecord } from '../domain/records/arrears.js';
import { parseBill, billFigures, type BillRecord } from '../domain/records/bill.js';
import { parsePayment, paymentFigures, type PaymentRecord } from '../domain/records/payment.js';
import { parseUsage, usageFigures, type UsageRecord } from '../domain/records/usage.js';
import { businessMonth, dayOfDate, startOfBusinessDay } from '../domain/business-month.js';
import type { ControlFigures } from '../domain/control-totals.js';
import type { RecordFields } from '../domain/record-fields.js';
import type { Rejection } from '../domain/rejection.js';
import type { BinaryRows } from './binary-copy.js';
import { BILL_FACTS, PAYMENT_FACTS, roamDayBit, USAGE_FACTS, type Facts } from './month-facts.js';

/** What every record has, whatever it tells of. */
export interface IdentifiedRecord {
  readonly recordId: string;
  readonly version: number;
  readonly msisdn: number;
  readonly accountNo: string | undefined;
  readonly refRecordId: string | undefined;
  readonly extra: string | undefined;
  readonly contentHash: { readonly high: number; readonly low: number };
}

/** A kind of record that is stored by customer, in versions of which the last one counts. */
export interface StagedKind<R extends IdentifiedRecord> {
  readonly kind: 'USG' | 'BIL' | 'PAY' | 'ARR';
  readonly table: string;
  readonly idColumn: string;
  readonly refColumn: string;
  /** The month to which a record counts; part of the key where the table is partitioned by it. */
  readonly monthColumn: string;
  readonly isPartitioned: boolean;
  /** Columns of the table that come from the record, in the order of `write`, its id first. */
  readonly columns: readonly string[];
  write(rows: BinaryRows, record: R): void;
  /** Whether the record waits for another one that it changes. */
  isCorrection(record: R): boolean;
  /** Condition on stored rows that count when they are current. */
  readonly counts: string;
  /** Whether also a record that corrects nothing may be one version of several, of which only the newest is current. */
  readonly comesInVersions: boolean;
  /** What of it adds up by month; nothing of snapshots. */
  readonly facts: Facts<R>;
  /** First day of the month to which it counts, in days since 1970-01-01. */
  monthOf(record: R): number;
  /** The bit of a day of roaming. */
  dayBit?(record: R): number;
  parse(line: RecordFields): R | Rejection;
  figures(record: R): ControlFigures;
  /** The time by which the trailer's first and last are meant. */
  timeOf(record: R): number;
  /** Whether a record waits when it comes long after its time. */
  readonly mayBeLate: boolean;
  /** Without an account it is of whoever had the number then; default: at its time. Epoch milliseconds. */
  heldIn?(record: R): readonly [from: number, until: number];
  /** The province whose senders may send it, wherever the customer is at home. */
  takenIn?(record: R): string | undefined;
}

const isNoCancellation = `operation <> ${OPERATION.CANCEL}`;

export const USAGE: StagedKind<UsageRecord> = {
  kind: 'USG',
  table: 'usage.usage_record',
  idColumn: 'record_id',
  refColumn: 'ref_record_id',
  monthColumn: 'month',
  isPartitioned: true,
  columns: [
    'record_id', 'ref_record_id', 'version', 'operation', 'content_hash', 'event_time', 'month', 'event_type',
    'counterparty_class', 'duration_sec', 'volume_kb', 'event_count', 'fee_fen', 'tax_fen', 'region_home', 'region_visited',
    'forwarded', 'tariff_code', 'received_at',
  ], // prettier-ignore
  write: (rows, r) =>
    rows
      .ascii(r.recordId)
      .ascii(r.refRecordId)
      .int2(r.version)
      .int2(r.operation)
      .halves(r.contentHash.high, r.contentHash.low)
      .instant(r.eventTime)
      .date(r.month)
      .int2(r.eventType)
      .int2(r.counterpartyClass)
      .int4(r.durationSec)
      .int8(r.volumeKb)
      .int4(r.eventCount)
      .int8(r.feeFen)
      .int8(r.taxFen)
      .ascii(r.regionHome)
      .ascii(r.regionVisited)
      .boolean(r.forwarded)
      .ascii(r.tariffCode)
      .instant(r.receivedAt),
  isCorrection: (r) => r.operation !== OPERATION.NEW,
  counts: isNoCancellation,
  comesInVersions: false,
  facts: USAGE_FACTS,
  monthOf: (r) => r.month,
  dayBit: roamDayBit,
  parse: parseUsage,
  figures: usageFigures,
  timeOf: (r) => r.eventTime,
  mayBeLate: true,
};

export const BILL: StagedKind<BillRecord> = {
  kind: 'BIL',
  table: 'usage.customer_bill',
  idColumn: 'bill_no',
  refColumn: 'supersedes',
  monthColumn: 'cycle',
  isPartitioned: false,
  columns: [
    'bill_no', 'supersedes', 'version', 'content_hash', 'cycle', 'monthly_fee_fen', 'voice_fen', 'sms_fen', 'data_fen',
    'roaming_fen', 'vas_fen', 'collected_for_others_fen', 'discount_fen', 'gift_fen', 'adjustment_fen', 'payable_fen',
    'paid_fen', 'arrears_fen', 'due_on', 'issued_at', 'run_type',
  ], // prettier-ignore
  write: (rows, r) => {
    rows.ascii(r.recordId).ascii(r.refRecordId).int2(r.version).halves(r.contentHash.high, r.contentHash.low);
    rows.date(dayOfDate(r.cycle));
    for (const amount of r.categories) rows.int8(amount);
    rows
      .int8(r.payableFen)
      .int8(r.paidFen)
      .int8(r.arrearsFen)
      .date(dayOfDate(r.dueOn))
      .instant(r.issuedAt)
      .ascii(r.runType);
  },
  isCorrection: () => false,
  counts: 'true',
  comesInVersions: true,
  facts: BILL_FACTS,
  monthOf: (r) => dayOfDate(r.cycle),
  parse: parseBill,
  figures: billFigures,
  timeOf: (r) => r.issuedAt,
  mayBeLate: false,
  heldIn: (r) => businessMonth(dayOfDate(r.cycle)),
};

export const PAYMENT: StagedKind<PaymentRecord> = {
  kind: 'PAY',
  table: 'usage.payment',
  idColumn: 'payment_id',
  refColumn: 'ref_payment_id',
  monthColumn: 'month',
  isPartitioned: false,
  columns: [
    'payment_id', 'ref_payment_id', 'version', 'operation', 'content_hash', 'paid_at', 'month', 'amount_fen', 'method',
    'paid_by_other', 'bill_no', 'region_paid',
  ], // prettier-ignore
  write: (rows, r) =>
    rows
      .ascii(r.recordId)
      .ascii(r.refRecordId)
      .int2(r.version)
      .int2(r.operation)
      .halves(r.contentHash.high, r.contentHash.low)
      .instant(r.paidAt)
      .date(r.month)
      .int8(r.amountFen)
      .ascii(r.method)
      .boolean(r.paidByOther)
      .ascii(r.billNo)
      .ascii(r.regionPaid),
  isCorrection: (r) => r.operation !== OPERATION.NEW,
  counts: isNoCancellation,
  comesInVersions: false,
  facts: PAYMENT_FACTS,
  monthOf: (r) => r.month,
  parse: parsePayment,
  figures: paymentFigures,
  timeOf: (r) => r.paidAt,
  mayBeLate: true,
  // What somebody who left still owes is paid afterwards.
  heldIn: (r) => [-Infinity, r.paidAt],
  takenIn: (r) => r.regionPaid,
};

export const ARREARS: StagedKind<ArrearsRecord> = {
  kind: 'ARR',
  table: 'usage.arrears_record',
  idColumn: 'record_id',
  refColumn: 'ref_record_id',
  monthColumn: 'month',
  isPartitioned: false,
  columns: [
    'record_id', 'ref_record_id', 'version', 'operation', 'content_hash', 'snapshot_on', 'month', 'bill_no', 'cycle', 'due_on',
    'arrears_fen', 'late_fee_fen', 'status',
  ], // prettier-ignore
  write: (rows, r) =>
    rows
      .ascii(r.recordId)
      .ascii(r.refRecordId)
      .int2(r.version)
      .int2(r.operation)
      .halves(r.contentHash.high, r.contentHash.low)
      .date(dayOfDate(r.snapshotOn))
      .date(r.month)
      .ascii(r.billNo)
      .date(dayOfDate(r.cycle))
      .date(dayOfDate(r.dueOn))
      .int8(r.arrearsFen)
      .int8(r.lateFeeFen)
      .int2(r.status),
  isCorrection: (r) => r.operation !== OPERATION.NEW,
  counts: isNoCancellation,
  comesInVersions: false,
  facts: {},
  monthOf: (r) => r.month,
  parse: parseArrears,
  figures: arrearsFigures,
  timeOf: (r) => startOfBusinessDay(r.snapshotOn),
  mayBeLate: true,
};
