import { businessMonthDay, startOfBusinessDay } from '../business-month.js';
import { ARREARS_STATUS, ARREARS_STATUSES, OPERATION } from '../codes.js';
import type { ControlFigures } from '../control-totals.js';
import { LAYOUT } from '../field-table.js';
import type { ContentHash, RecordFields } from '../record-fields.js';
import { extraOf } from '../record-line.js';
import { Rejection } from '../rejection.js';
import { IDENTIFIER_FORM, judgeReference } from './usage.js';

/** What of one bill was open at the begin of a day (欠费快照): ageing of arrears is read from a row of these. */
export interface ArrearsRecord {
  readonly recordId: string;
  readonly version: number;
  readonly operation: number;
  readonly refRecordId: string | undefined;
  readonly accountNo: string;
  readonly msisdn: number;
  /** `YYYY-MM-DD` */
  readonly snapshotOn: string;
  /** First day of the business month of the snapshot, in days since 1970-01-01. */
  readonly month: number;
  readonly billNo: string | undefined;
  /** First day of the month that was billed, `YYYY-MM-DD`. */
  readonly cycle: string;
  readonly dueOn: string;
  /** 0 says that the item is settled. */
  readonly arrearsFen: number;
  /** 违约金 that has run up until the snapshot; not part of `arrearsFen`. */
  readonly lateFeeFen: number;
  readonly status: number;
  readonly extra: string | undefined;
  readonly contentHash: ContentHash;
}

const FIELDS = LAYOUT.ARR.names.length;
const NOT_NEGATIVE = 'must be whole fen, not below 0';

export function parseArrears(line: RecordFields): ArrearsRecord | Rejection {
  const refuse = (field: string, text: string): Rejection => new Rejection('E_FORMAT', field, text);
  const badDay = (field: string): Rejection => new Rejection('E_DATE', field, 'must be a day, YYYY-MM-DD');
  if (line.count <= FIELDS) return refuse('', `an ARR record has ${FIELDS} fields`);
  const recordId = line.identifier(1);
  if (recordId === undefined) return refuse('recordId', IDENTIFIER_FORM);
  const snapshotOn = line.date(2);
  if (snapshotOn === undefined) return badDay('snapshotOn');
  const accountNo = line.identifier(3);
  if (accountNo === undefined) return refuse('accountNo', IDENTIFIER_FORM);
  const msisdn = line.msisdn(4);
  if (msisdn === undefined) return new Rejection('E_MSISDN', 'msisdn', 'must be a mobile number of 11 digits');
  const billNo = line.identifier(5);
  if (billNo === undefined && line.has(5)) return refuse('billNo', IDENTIFIER_FORM);
  const cycle = line.cycle(6);
  if (cycle === undefined) return new Rejection('E_DATE', 'cycle', 'must be yyyyMM');
  const dueOn = line.date(7);
  if (dueOn === undefined) return badDay('dueDate');
  const arrearsFen = line.quantity(8);
  if (arrearsFen === undefined) return new Rejection('E_AMOUNT', 'arrearsFen', NOT_NEGATIVE);
  const lateFeeFen = line.has(9) ? line.quantity(9) : 0;
  if (lateFeeFen === undefined) return new Rejection('E_AMOUNT', 'lateFeeFen', NOT_NEGATIVE);
  const status = line.code(10, ARREARS_STATUS);
  if (status === undefined) return refuse('status', `must be one of ${ARREARS_STATUSES.join(' ')}`);
  const operation = line.code(11, OPERATION);
  if (operation === undefined) return refuse('operation', 'must be NEW, CORRECT or CANCEL');
  const refRecordId = line.identifier(12);
  if (refRecordId === undefined && line.has(12)) return refuse('refRecordId', IDENTIFIER_FORM);
  const version = line.natural(13);
  if (version === undefined || version < 1 || version > 32_767) return refuse('version', 'must be 1 to 32767');
  const wrongReference = judgeReference(operation, refRecordId, version, 'refRecordId');
  if (wrongReference) return wrongReference;
  const snapshotAt = startOfBusinessDay(snapshotOn);
  const extra = extraOf('ARR', line);
  if (extra instanceof Rejection) return extra;
  return {
    recordId, version, operation, refRecordId, accountNo, msisdn, snapshotOn, month: businessMonthDay(snapshotAt), billNo, cycle,
    dueOn, arrearsFen, lateFeeFen, status, extra, contentHash: line.hash(5, FIELDS, snapshotAt),
  }; // prettier-ignore
}

export const arrearsFigures = (item: ArrearsRecord): ControlFigures => ({
  feeFen: item.arrearsFen,
  minutes: 0,
  volumeKb: 0,
});
