import { businessMonthDay } from '../business-month.js';
import { COUNTERPARTY_CLASS, EVENT_TYPE, OPERATION } from '../codes.js';
import { LAYOUT } from '../field-table.js';
import type { ContentHash, RecordFields } from '../record-fields.js';
import { extraOf } from '../record-line.js';
import { Rejection } from '../rejection.js';
import type { ControlFigures } from '../control-totals.js';

/** One usage record (话单), or a day's sum of one kind: then `eventCount` says of how many events. */
export interface UsageRecord {
  readonly recordId: string;
  readonly version: number;
  readonly operation: number;
  readonly refRecordId: string | undefined;
  readonly eventTime: number;
  /** First day of the business month, in days since 1970-01-01. */
  readonly month: number;
  readonly msisdn: number;
  readonly accountNo: string | undefined;
  readonly eventType: number;
  readonly counterpartyClass: number;
  readonly durationSec: number;
  readonly volumeKb: number;
  readonly eventCount: number;
  readonly feeFen: number;
  readonly taxFen: number;
  readonly regionHome: string | undefined;
  readonly regionVisited: string | undefined;
  readonly forwarded: boolean | undefined;
  readonly tariffCode: string | undefined;
  /** When billing got it from the network. */
  readonly receivedAt: number | undefined;
  readonly extra: string | undefined;
  readonly contentHash: ContentHash;
}

const FIELDS = LAYOUT.USG.names.length;
const MAX_INT4 = 2_147_483_647;
const refuse = (field: string, text: string): Rejection => new Rejection('E_FORMAT', field, text);

export function parseUsage(line: RecordFields): UsageRecord | Rejection {
  if (line.count <= FIELDS) return refuse('', `a USG record has ${FIELDS} fields`);
  const recordId = line.identifier(1);
  if (recordId === undefined) return refuse('recordId', IDENTIFIER_FORM);
  const eventTime = line.instant(2);
  if (eventTime === undefined) return new Rejection('E_DATE', 'eventTime', INSTANT_FORM);
  const msisdn = line.msisdn(3);
  if (msisdn === undefined) return new Rejection('E_MSISDN', 'msisdn', 'must be a mobile number of 11 digits');
  const accountNo = line.identifier(4);
  if (accountNo === undefined && line.has(4)) return refuse('accountNo', IDENTIFIER_FORM);
  const eventType = line.code(6, EVENT_TYPE);
  if (eventType === undefined) return refuse('eventType', 'is not in the list of event types');
  const counterpartyClass = line.code(7, COUNTERPARTY_CLASS);
  if (counterpartyClass === undefined) return refuse('counterpartyClass', 'is not in the list of counterparty classes');
  const durationSec = line.has(8) ? line.natural(8) : 0;
  if (durationSec === undefined || durationSec > MAX_INT4)
    return refuse('durationSec', 'must be whole seconds, not negative');
  const volumeKb = line.has(9) ? line.quantity(9) : 0;
  if (volumeKb === undefined) return refuse('volumeKB', 'must be whole kilobytes, not negative');
  const eventCount = line.has(10) ? line.natural(10) : 1;
  if (eventCount === undefined || eventCount < 1 || eventCount > 1_000_000)
    return refuse('count', 'must be 1 to 1000000');
  const feeFen = line.has(11) ? line.amount(11) : 0;
  if (feeFen === undefined) return new Rejection('E_AMOUNT', 'feeFen', FEN_FORM);
  const taxFen = line.has(12) ? line.amount(12) : 0;
  if (taxFen === undefined) return new Rejection('E_AMOUNT', 'taxFen', FEN_FORM);
  const regionHome = line.province(13);
  if (regionHome === undefined && line.has(13)) return refuse('regionHome', PROVINCE_FORM);
  const regionVisited = line.province(14);
  if (regionVisited === undefined && line.has(14)) return refuse('regionVisited', PROVINCE_FORM);
  const forwarded = line.boolean(15);
  if (forwarded === undefined && line.has(15)) return refuse('forwarded', 'must be 0, 1 or empty');
  const tariffCode = line.catalogueCode(16);
  if (tariffCode === undefined && line.has(16)) return refuse('tariffCode', IDENTIFIER_FORM);
  if (line.has(17) && line.cycle(17) === undefined) return new Rejection('E_DATE', 'cycle', 'must be yyyyMM');
  const operation = line.code(18, OPERATION);
  if (operation === undefined) return refuse('operation', 'must be NEW, CORRECT or CANCEL');
  const refRecordId = line.identifier(19);
  if (refRecordId === undefined && line.has(19)) return refuse('refRecordId', IDENTIFIER_FORM);
  const version = line.natural(20);
  if (version === undefined || version < 1 || version > 32_767) return refuse('version', 'must be 1 to 32767');
  const wrongReference = judgeReference(operation, refRecordId, version, 'refRecordId');
  if (wrongReference) return wrongReference;
  const isCorrection = operation !== OPERATION.NEW;
  if (!isCorrection && (feeFen < 0 || taxFen < 0)) {
    return new Rejection('E_AMOUNT', feeFen < 0 ? 'feeFen' : 'taxFen', 'may be negative only in a correction');
  }
  let receivedAt: number | undefined;
  let extra: string | undefined;
  if (line.count > FIELDS + 1) {
    const more = extraOf('USG', line);
    if (more instanceof Rejection) return more;
    extra = more;
    receivedAt = line.isExtended ? line.instant(FIELDS + 1) : undefined;
    if (receivedAt === undefined && line.isExtended && line.has(FIELDS + 1))
      return new Rejection('E_DATE', 'receivedAt', INSTANT_FORM);
  }
  return {
    recordId, version, operation, refRecordId, eventTime, month: businessMonthDay(eventTime), msisdn, accountNo, eventType,
    counterpartyClass, durationSec, volumeKb, eventCount, feeFen, taxFen, regionHome, regionVisited, forwarded, tariffCode,
    receivedAt, extra, contentHash: line.hash(6, FIELDS, eventTime),
  }; // prettier-ignore
}

/** A new record is version 1 of itself; a correction or cancellation names the new record it changes and is a later version. */
export function judgeReference(
  operation: number,
  reference: string | undefined,
  version: number,
  field: string,
): Rejection | undefined {
  if (operation === OPERATION.NEW) {
    if (reference !== undefined) return new Rejection('E_REF', field, 'a NEW record refers to no other');
    return version === 1 ? undefined : new Rejection('E_REF', 'version', 'a NEW record has version 1');
  }
  if (reference === undefined)
    return new Rejection('E_REF', field, 'a correction or cancellation names the record it changes');
  return version >= 2
    ? undefined
    : new Rejection('E_REF', 'version', 'a correction or cancellation has version 2 or higher');
}

/** What the record adds to the control figures of its file. */
export function usageFigures(record: UsageRecord): ControlFigures {
  const isVoice = record.eventType === EVENT_TYPE.VOICE_MO || record.eventType === EVENT_TYPE.VOICE_MT;
  return {
    feeFen: record.feeFen,
    minutes: isVoice ? Math.ceil(record.durationSec / 60) : 0,
    volumeKb: record.volumeKb,
  };
}

export const IDENTIFIER_FORM = 'must be 1 to 64 characters of A-Z a-z 0-9 . _ -';
export const INSTANT_FORM = 'must be an instant with offset, like 2025-01-31T08:00:00+08:00';
export const FEN_FORM = 'must be whole fen';
export const PROVINCE_FORM = 'must be a province code';
