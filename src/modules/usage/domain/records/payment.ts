import { businessMonthDay } from '../business-month.js';
import { OPERATION } from '../codes.js';
import type { ControlFigures } from '../control-totals.js';
import { LAYOUT } from '../field-table.js';
import type { ContentHash, RecordFields } from '../record-fields.js';
import { extraOf } from '../record-line.js';
import { Rejection } from '../rejection.js';
import { FEN_FORM, IDENTIFIER_FORM, INSTANT_FORM, judgeReference, PROVINCE_FORM } from './usage.js';

/** Money that came in for an account (缴费), and whether the customer or somebody else paid it. */
export interface PaymentRecord {
  readonly recordId: string;
  readonly version: number;
  readonly operation: number;
  readonly refRecordId: string | undefined;
  readonly accountNo: string | undefined;
  readonly msisdn: number;
  readonly paidAt: number;
  /** First day of the business month, in days since 1970-01-01. */
  readonly month: number;
  readonly amountFen: number;
  readonly method: string | undefined;
  readonly paidByOther: boolean;
  readonly billNo: string | undefined;
  /** Where it was taken (异地缴费); `undefined`: in the home province. */
  readonly regionPaid: string | undefined;
  readonly extra: string | undefined;
  readonly contentHash: ContentHash;
}

const FIELDS = LAYOUT.PAY.names.length;

export function parsePayment(line: RecordFields): PaymentRecord | Rejection {
  const refuse = (field: string, text: string): Rejection => new Rejection('E_FORMAT', field, text);
  if (line.count <= FIELDS) return refuse('', `a PAY record has ${FIELDS} fields`);
  const recordId = line.identifier(1);
  if (recordId === undefined) return refuse('paymentId', IDENTIFIER_FORM);
  const accountNo = line.identifier(2);
  if (accountNo === undefined && line.has(2)) return refuse('accountNo', IDENTIFIER_FORM);
  const msisdn = line.msisdn(3);
  if (msisdn === undefined) return new Rejection('E_MSISDN', 'msisdn', 'must be a mobile number of 11 digits');
  const paidAt = line.instant(4);
  if (paidAt === undefined) return new Rejection('E_DATE', 'paidAt', INSTANT_FORM);
  const amountFen = line.amount(5);
  if (amountFen === undefined) return new Rejection('E_AMOUNT', 'amountFen', FEN_FORM);
  const method = line.catalogueCode(6);
  if (method === undefined && line.has(6)) return refuse('method', IDENTIFIER_FORM);
  const payer = line.has(7) ? line.word(7, ['SELF', 'OTHER']) : 'SELF';
  if (payer === undefined) return refuse('payer', 'must be SELF or OTHER');
  const billNo = line.identifier(8);
  if (billNo === undefined && line.has(8)) return refuse('billNo', IDENTIFIER_FORM);
  const operation = line.code(9, OPERATION);
  if (operation === undefined) return refuse('operation', 'must be NEW, CORRECT or CANCEL');
  const refRecordId = line.identifier(10);
  if (refRecordId === undefined && line.has(10)) return refuse('refRecordId', IDENTIFIER_FORM);
  const version = line.natural(11);
  if (version === undefined || version < 1 || version > 32_767) return refuse('version', 'must be 1 to 32767');
  const wrongReference = judgeReference(operation, refRecordId, version, 'refRecordId');
  if (wrongReference) return wrongReference;
  const isCorrection = operation !== OPERATION.NEW;
  if (!isCorrection && amountFen < 0)
    return new Rejection('E_AMOUNT', 'amountFen', 'may be negative only in a correction');
  const extra = extraOf('PAY', line);
  if (extra instanceof Rejection) return extra;
  const regionPaid = line.isExtended ? line.province(FIELDS + 1) : undefined;
  if (regionPaid === undefined && line.isExtended && line.has(FIELDS + 1)) return refuse('regionPaid', PROVINCE_FORM);
  return {
    recordId, version, operation, refRecordId, accountNo, msisdn, paidAt, month: businessMonthDay(paidAt), amountFen, method,
    paidByOther: payer === 'OTHER', billNo, regionPaid, extra, contentHash: line.hash(4, FIELDS, 0),
  }; // prettier-ignore
}

export const paymentFigures = (payment: PaymentRecord): ControlFigures => ({
  feeFen: payment.amountFen,
  minutes: 0,
  volumeKb: 0,
});
