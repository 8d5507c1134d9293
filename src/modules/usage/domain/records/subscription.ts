import type { SubscriptionSnapshot } from '../../../customers/index.js';
import { OPERATIONS } from '../codes.js';
import { LAYOUT } from '../field-table.js';
import { isOfFuture, type Judgement } from '../judgement.js';
import type { RecordFields } from '../record-fields.js';
import { badText, extraOf } from '../record-line.js';
import { Rejection } from '../rejection.js';
import { FEN_FORM, IDENTIFIER_FORM, INSTANT_FORM, PROVINCE_FORM } from './usage.js';

/** What BOSS says about one number at one time (用户资料). */
export interface SubscriptionRecord {
  readonly recordId: string;
  readonly version: number;
  readonly eventTime: number;
  readonly snapshot: SubscriptionSnapshot;
  readonly extra: string | undefined;
  /** Its fields as they stand in a line: what makes two contents differ. */
  readonly content: string;
}

const FIELDS = LAYOUT.SUB.names.length;
const STATUSES = ['ACTIVE', 'SUSPENDED_ONE_WAY', 'SUSPENDED_TWO_WAY', 'TERMINATED'] as const;
const BRANDS = ['GOTONE', 'MZONE', 'EASYOWN'] as const;
const SIM_KINDS = ['MAIN', 'SECONDARY', 'DATA', 'IOT'] as const;

export function parseSubscription(line: RecordFields, judge: Judgement): SubscriptionRecord | Rejection {
  const refuse = (field: string, text: string): Rejection => new Rejection('E_FORMAT', field, text);
  const badDay = (field: string): Rejection => new Rejection('E_DATE', field, 'must be a day, YYYY-MM-DD');
  if (line.count <= FIELDS) return refuse('', `a SUB record has ${FIELDS} fields`);
  const recordId = line.identifier(1);
  if (recordId === undefined) return refuse('recordId', IDENTIFIER_FORM);
  const eventTime = line.instant(2);
  if (eventTime === undefined) return new Rejection('E_DATE', 'eventTime', INSTANT_FORM);
  const accountNo = line.identifier(3);
  if (accountNo === undefined) return refuse('accountNo', IDENTIFIER_FORM);
  const msisdn = line.msisdn(4);
  if (msisdn === undefined) return new Rejection('E_MSISDN', 'msisdn', 'must be a mobile number of 11 digits');
  if (judge.isAllotted?.(String(msisdn)) === false) {
    return new Rejection('E_MSISDN', 'msisdn', 'lies in no range that was given out (号段)');
  }
  const [name, idType, idNumber] = [line.text(5), line.text(6), line.text(7)];
  if (name === undefined && line.has(5)) return badText('name');
  if (idType === undefined && line.has(6)) return badText('idType');
  if (idNumber === undefined && line.has(7)) return badText('idNumber');
  const birthDate = line.date(8);
  if (birthDate === undefined && line.has(8)) return badDay('birthDate');
  const brand = line.word(9, BRANDS);
  if (brand === undefined) return refuse('brand', `must be one of ${BRANDS.join(' ')}`);
  const region = line.province(10);
  if (region === undefined) return refuse('regionHome', PROVINCE_FORM);
  const branchCode = line.catalogueCode(11);
  if (branchCode === undefined && line.has(11)) return refuse('branchCode', IDENTIFIER_FORM);
  const activatedOn = line.date(12);
  if (activatedOn === undefined) return badDay('activatedOn');
  const status = line.word(13, STATUSES);
  if (status === undefined) return refuse('status', `must be one of ${STATUSES.join(' ')}`);
  const statusAt = line.instant(14);
  if (statusAt === undefined) return new Rejection('E_DATE', 'statusAt', INSTANT_FORM);
  if (statusAt > eventTime && isOfFuture(statusAt, judge)) {
    return new Rejection('E_DATE', 'statusAt', 'lies after eventTime and more than 24 hours in the future');
  }
  const tariffCode = line.catalogueCode(15);
  if (tariffCode === undefined && line.has(15)) return refuse('tariffCode', IDENTIFIER_FORM);
  const packageFeeFen = line.has(16) ? line.natural(16) : 0;
  if (packageFeeFen === undefined) return new Rejection('E_AMOUNT', 'packageFeeFen', FEN_FORM);
  const simKind = line.word(17, SIM_KINDS);
  if (simKind === undefined) return refuse('simKind', `must be one of ${SIM_KINDS.join(' ')}`);
  const contractEndsOn = line.date(18);
  if (contractEndsOn === undefined && line.has(18)) return badDay('contractEndsOn');
  const realName = line.boolean(19);
  if (realName === undefined) return refuse('realName', 'must be 0 or 1');
  const creditGrade = line.catalogueCode(20);
  if (creditGrade === undefined && line.has(20)) return refuse('creditGrade', IDENTIFIER_FORM);
  if (line.word(21, OPERATIONS) === undefined) return refuse('operation', 'must be NEW, CORRECT or CANCEL');
  const version = line.natural(22);
  if (version === undefined || version < 1 || version > 32_767) return refuse('version', 'must be 1 to 32767');
  const extra = extraOf('SUB', line);
  if (extra instanceof Rejection) return extra;
  return {
    recordId,
    version,
    eventTime,
    extra,
    content: `D|${line.span(1, FIELDS).toString('utf8')}`,
    snapshot: {
      accountNo, msisdn: String(msisdn), name, idType, idNumber, birthDate, brand,
      region, branchCode, activatedOn, status, statusAt: new Date(statusAt), tariffCode, packageFeeFen, simKind,
      contractEndsOn, realName, creditGrade, eventTime: new Date(eventTime), version,
    },
  }; // prettier-ignore
}
