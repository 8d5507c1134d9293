import type { ControlFigures } from '../control-totals.js';
import { LAYOUT } from '../field-table.js';
import type { ContentHash, RecordFields } from '../record-fields.js';
import { extraOf } from '../record-line.js';
import { Rejection } from '../rejection.js';
import { FEN_FORM, IDENTIFIER_FORM, INSTANT_FORM } from './usage.js';

/** The bill (账单) of one account and cycle. Of all versions of a bill the highest counts. */
export interface BillRecord {
  readonly recordId: string;
  readonly version: number;
  /** The bill that this one takes the place of, when it has another number. */
  readonly refRecordId: string | undefined;
  readonly accountNo: string | undefined;
  readonly msisdn: number;
  /** First day of the month, `YYYY-MM-DD`. */
  readonly cycle: string;
  /** In the order of {@link BILL_CATEGORIES}; they add up to `payableFen`. */
  readonly categories: readonly number[];
  readonly payableFen: number;
  readonly paidFen: number;
  readonly arrearsFen: number;
  readonly dueOn: string;
  readonly issuedAt: number;
  /** `undefined`: of the cycle's own run. */
  readonly runType: RunType | undefined;
  readonly extra: string | undefined;
  readonly contentHash: ContentHash;
}

export const BILL_CATEGORIES = [
  'monthlyFeeFen', 'voiceFen', 'smsFen', 'dataFen', 'roamingFen', 'vasFen', 'collectedForOthersFen', 'discountFen',
  'giftFen', 'adjustmentFen',
] as const; // prettier-ignore

export const RUN_TYPES = ['onCycle', 'offCycle'] as const;
export type RunType = (typeof RUN_TYPES)[number];

const FIELDS = LAYOUT.BIL.names.length;
const FIRST_CATEGORY = 5;

export function parseBill(line: RecordFields): BillRecord | Rejection {
  const refuse = (field: string, text: string): Rejection => new Rejection('E_FORMAT', field, text);
  if (line.count <= FIELDS) return refuse('', `a BIL record has ${FIELDS} fields`);
  const recordId = line.identifier(1);
  if (recordId === undefined) return refuse('billNo', IDENTIFIER_FORM);
  const accountNo = line.identifier(2);
  if (accountNo === undefined && line.has(2)) return refuse('accountNo', IDENTIFIER_FORM);
  const msisdn = line.msisdn(3);
  if (msisdn === undefined) return new Rejection('E_MSISDN', 'msisdn', 'must be a mobile number of 11 digits');
  const cycle = line.cycle(4);
  if (cycle === undefined) return new Rejection('E_DATE', 'cycle', 'must be yyyyMM');
  const categories: number[] = [];
  for (const [at, field] of BILL_CATEGORIES.entries()) {
    const amount = line.has(FIRST_CATEGORY + at) ? line.amount(FIRST_CATEGORY + at) : 0;
    if (amount === undefined) return new Rejection('E_AMOUNT', field, FEN_FORM);
    const isReduction = field === 'discountFen' || field === 'giftFen';
    if (isReduction && amount > 0) return new Rejection('E_AMOUNT', field, 'reduces the bill, so it is not above 0');
    if (!isReduction && field !== 'adjustmentFen' && amount < 0)
      return new Rejection('E_AMOUNT', field, 'is not below 0');
    categories.push(amount);
  }
  const payableFen = line.amount(15);
  if (payableFen === undefined) return new Rejection('E_AMOUNT', 'payableFen', FEN_FORM);
  if (categories.reduce((sum, amount) => sum + amount, 0) !== payableFen) {
    return new Rejection('E_AMOUNT', 'payableFen', 'must be the sum of the categories');
  }
  const paidFen = line.has(16) ? line.amount(16) : 0;
  if (paidFen === undefined) return new Rejection('E_AMOUNT', 'paidFen', FEN_FORM);
  const arrearsFen = line.has(17) ? line.quantity(17) : 0;
  if (arrearsFen === undefined) return new Rejection('E_AMOUNT', 'arrearsFen', 'must be whole fen, not below 0');
  const dueOn = line.date(18);
  if (dueOn === undefined) return new Rejection('E_DATE', 'dueDate', 'must be a day, YYYY-MM-DD');
  const issuedAt = line.instant(19);
  if (issuedAt === undefined) return new Rejection('E_DATE', 'issuedAt', INSTANT_FORM);
  const version = line.natural(20);
  if (version === undefined || version < 1 || version > 32_767) return refuse('version', 'must be 1 to 32767');
  const refRecordId = line.identifier(21);
  if (refRecordId === undefined && line.has(21)) return refuse('supersedes', IDENTIFIER_FORM);
  const extra = extraOf('BIL', line);
  if (extra instanceof Rejection) return extra;
  const runType = line.isExtended ? line.word(FIELDS + 1, RUN_TYPES) : undefined;
  if (runType === undefined && line.isExtended && line.has(FIELDS + 1))
    return refuse('runType', `must be one of ${RUN_TYPES.join(' ')}`);
  return {
    recordId, version, refRecordId: refRecordId === recordId ? undefined : refRecordId, accountNo, msisdn, cycle, categories,
    payableFen, paidFen, arrearsFen, dueOn, issuedAt, runType, extra, contentHash: line.hash(4, FIELDS, 0),
  }; // prettier-ignore
}

export const billFigures = (bill: BillRecord): ControlFigures => ({ feeFen: bill.payableFen, minutes: 0, volumeKb: 0 });
