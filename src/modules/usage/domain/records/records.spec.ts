import { DEFAULT_LIMITS, type Judgement } from '../judgement.js';
import { RecordFields } from '../record-fields.js';
import { Rejection } from '../rejection.js';
import { parseArrears } from './arrears.js';
import { parseBill } from './bill.js';
import { parsePayment } from './payment.js';
import { parseSubscription } from './subscription.js';
import { parseUsage, usageFigures } from './usage.js';

const judge: Judgement = {
  limits: DEFAULT_LIMITS,
  createdAt: Date.parse('2025-02-01T00:00:00+08:00'),
  now: Date.parse('2026-02-01T00:00:00+08:00'),
};
const GOOD = {
  USG: 'D|U-1|2025-01-15T10:00:00+08:00|13800138000|A1|460001234567890|VOICE_MO|ON_NET|61|0|1|20|1|440000||0|T59|202501|NEW||1',
  BIL: 'D|B-1|A1|13800138000|202501|5900|1000|0|0|0|0|500|-900|0|0|6500|0|6500|2025-02-20|2025-02-01T03:00:00+08:00|1|',
  PAY: 'D|P-1|A1|13800138000|2025-01-31T09:00:00+08:00|6500|BANK|OTHER|B-1|NEW||1',
  ARR: 'D|R-1|2025-01-31|A1|13800138000|B-1|202412|2025-01-20|6500|195|OPEN|NEW||1',
  SUB: 'D|S-1|2025-01-20T10:00:00+08:00|A1|13800138000|张三|ID_CARD|11010119900101001X|1990-01-01|GOTONE|440000|GZ01|2020-05-01|ACTIVE|2025-01-10T00:00:00+08:00|T128|12800|MAIN|2026-12-31|1|A|NEW|1',
} as const;
const PARSE = { USG: parseUsage, BIL: parseBill, PAY: parsePayment, SUB: parseSubscription, ARR: parseArrears };
type Kind = keyof typeof GOOD;

const parse = (kind: Kind, line: string): unknown => PARSE[kind](RecordFields.ofText(line), judge);
const withField = (kind: Kind, field: number, value: string): string => {
  const fields = GOOD[kind].split('|');
  fields[field] = value;
  return fields.join('|');
};

const BAD: readonly [Kind, field: number, value: string, code: string, name: string][] = [
  ['USG', 1, '', 'E_FORMAT', 'recordId'],
  ['USG', 1, 'a b', 'E_FORMAT', 'recordId'],
  ['USG', 1, 'x'.repeat(65), 'E_FORMAT', 'recordId'],
  ['USG', 2, '2025-02-30T10:00:00+08:00', 'E_DATE', 'eventTime'],
  ['USG', 2, '2025-13-01T10:00:00+08:00', 'E_DATE', 'eventTime'],
  ['USG', 2, '2025-01-15T24:00:00+08:00', 'E_DATE', 'eventTime'],
  ['USG', 2, '2025-01-15T10:00:00', 'E_DATE', 'eventTime'],
  ['USG', 2, '2025-01-15 10:00:00+08:00', 'E_DATE', 'eventTime'],
  ['USG', 3, '1380013800', 'E_MSISDN', 'msisdn'],
  ['USG', 3, '12800138000', 'E_MSISDN', 'msisdn'],
  ['USG', 3, '1380013800O', 'E_MSISDN', 'msisdn'],
  ['USG', 3, '', 'E_MSISDN', 'msisdn'],
  ['USG', 6, 'FAX', 'E_FORMAT', 'eventType'],
  ['USG', 6, 'constructor', 'E_FORMAT', 'eventType'],
  ['USG', 7, 'SOMEBODY', 'E_FORMAT', 'counterpartyClass'],
  ['USG', 8, '-1', 'E_FORMAT', 'durationSec'],
  ['USG', 8, '9999999999', 'E_FORMAT', 'durationSec'],
  ['USG', 9, '1.5', 'E_FORMAT', 'volumeKB'],
  ['USG', 10, '0', 'E_FORMAT', 'count'],
  ['USG', 11, '12.50', 'E_AMOUNT', 'feeFen'],
  ['USG', 11, '1000000000000', 'E_AMOUNT', 'feeFen'],
  ['USG', 9, '1000000000000', 'E_FORMAT', 'volumeKB'],
  ['BIL', 15, '1000000000000', 'E_AMOUNT', 'payableFen'],
  ['PAY', 5, '-1000000000000', 'E_AMOUNT', 'amountFen'],
  ['USG', 11, '-20', 'E_AMOUNT', 'feeFen'],
  ['USG', 12, '-6', 'E_AMOUNT', 'taxFen'],
  ['USG', 13, '44 0000', 'E_FORMAT', 'regionHome'],
  ['USG', 15, '2', 'E_FORMAT', 'forwarded'],
  ['USG', 17, '202513', 'E_DATE', 'cycle'],
  ['USG', 18, 'UPDATE', 'E_FORMAT', 'operation'],
  ['USG', 18, 'CANCEL', 'E_REF', 'refRecordId'],
  ['USG', 19, 'U-0', 'E_REF', 'refRecordId'],
  ['USG', 20, '2', 'E_REF', 'version'],
  ['USG', 20, '0', 'E_FORMAT', 'version'],
  ['BIL', 4, '2025-01', 'E_DATE', 'cycle'],
  ['BIL', 6, '1001', 'E_AMOUNT', 'payableFen'],
  ['BIL', 12, '900', 'E_AMOUNT', 'discountFen'],
  ['BIL', 7, '-1', 'E_AMOUNT', 'smsFen'],
  ['BIL', 15, '1e3', 'E_AMOUNT', 'payableFen'],
  ['BIL', 17, '-1', 'E_AMOUNT', 'arrearsFen'],
  ['BIL', 18, '2025-02-30', 'E_DATE', 'dueDate'],
  ['PAY', 5, '50.00', 'E_AMOUNT', 'amountFen'],
  ['PAY', 7, 'FRIEND', 'E_FORMAT', 'payer'],
  ['PAY', 4, '2025-01-32T09:00:00+08:00', 'E_DATE', 'paidAt'],
  ['ARR', 1, '', 'E_FORMAT', 'recordId'],
  ['ARR', 2, '2025-02-30', 'E_DATE', 'snapshotOn'],
  ['ARR', 2, '2025-01-31T00:00:00+08:00', 'E_DATE', 'snapshotOn'],
  ['ARR', 3, '', 'E_FORMAT', 'accountNo'],
  ['ARR', 4, '12800138000', 'E_MSISDN', 'msisdn'],
  ['ARR', 5, 'B 1', 'E_FORMAT', 'billNo'],
  ['ARR', 6, '', 'E_DATE', 'cycle'],
  ['ARR', 7, '', 'E_DATE', 'dueDate'],
  ['ARR', 8, '', 'E_AMOUNT', 'arrearsFen'],
  ['ARR', 8, '-1', 'E_AMOUNT', 'arrearsFen'],
  ['ARR', 9, '1.95', 'E_AMOUNT', 'lateFeeFen'],
  ['ARR', 10, 'PAID', 'E_FORMAT', 'status'],
  ['ARR', 11, 'CORRECT', 'E_REF', 'refRecordId'],
  ['ARR', 12, 'R-0', 'E_REF', 'refRecordId'],
  ['ARR', 13, '2', 'E_REF', 'version'],
  ['SUB', 5, 'x'.repeat(257), 'E_FORMAT', 'name'],
  ['SUB', 5, '张\0三', 'E_FORMAT', 'name'],
  ['SUB', 9, 'GOLD', 'E_FORMAT', 'brand'],
  // Columns that slipped: what is kept in the clear takes no person's number.
  ['SUB', 10, '11010119900307013X', 'E_FORMAT', 'regionHome'],
  ['SUB', 11, '13800138000', 'E_FORMAT', 'branchCode'],
  ['SUB', 15, '8613800138000', 'E_FORMAT', 'tariffCode'],
  ['SUB', 20, '110101900307013', 'E_FORMAT', 'creditGrade'],
  ['PAY', 6, '13800138000', 'E_FORMAT', 'method'],
  ['USG', 16, '110101199003070134', 'E_FORMAT', 'tariffCode'],
  ['SUB', 12, '2020-02-30', 'E_DATE', 'activatedOn'],
  ['SUB', 13, 'ASLEEP', 'E_FORMAT', 'status'],
  ['SUB', 16, '-1', 'E_AMOUNT', 'packageFeeFen'],
  ['SUB', 19, 'yes', 'E_FORMAT', 'realName'],
];

describe('records of BOSS', () => {
  it.each(Object.keys(GOOD) as Kind[])('a right %s record is taken', (kind) => {
    expect(parse(kind, GOOD[kind])).not.toBeInstanceOf(Rejection);
  });

  it.each(BAD)('%s: field %i as "%s" is %s', (kind, field, value, code, name) => {
    expect(parse(kind, withField(kind, field, value))).toMatchObject({ code, field: name });
  });

  it.each(Object.keys(GOOD) as Kind[])('a %s record with a field too few, or far too many, is E_FORMAT', (kind) => {
    expect(parse(kind, GOOD[kind].slice(0, GOOD[kind].lastIndexOf('|')))).toMatchObject({ code: 'E_FORMAT' });
    expect(parse(kind, `D${'|'.repeat(5000)}`)).toMatchObject({ code: 'E_FORMAT' });
    expect(parse(kind, `${GOOD[kind]}${'|'.repeat(5000)}`)).toMatchObject({
      code: 'E_FORMAT',
      text: expect.stringMatching(/too many/),
    });
  });

  it('a refusal never repeats the value', () => {
    for (const [kind, field, value] of BAD.filter(([, , value]) => value.length > 6)) {
      const refused = parse(kind, withField(kind, field, value));
      expect(refused instanceof Rejection ? refused.text : '').not.toContain(value);
    }
  });

  it('the business month is that of Shanghai, to the last millisecond', () => {
    const monthOf = (time: string): unknown => {
      const record = parseUsage(RecordFields.ofText(withField('USG', 2, time)));
      return record instanceof Rejection ? record : new Date(record.month * 86_400_000).toISOString().slice(0, 10);
    };
    expect(monthOf('2024-12-31T23:59:59.999+08:00')).toBe('2024-12-01');
    expect(monthOf('2025-01-01T00:00:00+08:00')).toBe('2025-01-01');
    expect(monthOf('2024-12-31T16:00:00Z')).toBe('2025-01-01');
  });

  it('the same content has the same hash, any other field another one, but no hash is made of the number', () => {
    const hashOf = (line: string): unknown => {
      const record = parseUsage(RecordFields.ofText(line));
      return record instanceof Rejection ? record : record.contentHash;
    };
    expect(hashOf(withField('USG', 2, '2025-01-15T02:00:00Z'))).toEqual(hashOf(GOOD.USG));
    expect(hashOf(withField('USG', 3, '+86 138-0013-8000'))).toEqual(hashOf(GOOD.USG));
    expect(hashOf(withField('USG', 5, ''))).toEqual(hashOf(GOOD.USG));
    for (const [field, value] of [
      [8, '62'],
      [11, '21'],
      [15, '1'],
      [16, 'T58'],
      [2, '2025-01-15T10:00:01+08:00'],
    ] as const) {
      // prettier-ignore
      expect(hashOf(withField('USG', field, value))).not.toEqual(hashOf(GOOD.USG));
    }
  });

  it('each call counts as begun minutes in the control sum', () => {
    const minutes = [0, 1, 60, 61].map((seconds) => {
      const record = parseUsage(RecordFields.ofText(withField('USG', 8, String(seconds))));
      return record instanceof Rejection ? record : usageFigures(record).minutes;
    });
    expect(minutes).toEqual([0, 1, 1, 2]);
  });
});
