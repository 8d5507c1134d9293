import {
  ARREARS_STATUSES, COUNTERPARTY_CLASSES, EVENT_TYPES, KINDS, OPERATIONS, type Kind,
} from './codes.js'; // prettier-ignore
import { FIELD_TABLE, ID_FIELD, LAYOUT, type FieldType, type RecordField } from './field-table.js';
import { DEFAULT_LIMITS, type Judgement } from './judgement.js';
import { RecordFields } from './record-fields.js';
import { lineOfRecord } from './record-line.js';
import { parseArrears } from './records/arrears.js';
import { parseBill, RUN_TYPES } from './records/bill.js';
import { parsePayment } from './records/payment.js';
import { parseSubscription } from './records/subscription.js';
import { parseUsage } from './records/usage.js';
import { Rejection } from './rejection.js';

const PARSE = { USG: parseUsage, BIL: parseBill, PAY: parsePayment, SUB: parseSubscription, ARR: parseArrears };
const judge: Judgement = {
  limits: DEFAULT_LIMITS,
  createdAt: Date.parse('2025-03-01T00:00:00+08:00'),
  now: Date.parse('2025-03-01T00:00:00+08:00'),
};
const sample = (kind: Kind): Record<string, unknown> => {
  const {
    refRecordId: _,
    supersedes: __,
    ...record
  } = Object.fromEntries(FIELD_TABLE[kind].map(({ name, example }) => [name, example]));
  return record;
};
const read = (kind: Kind, record: Record<string, unknown>) => {
  const line = lineOfRecord(kind, record);
  return line instanceof Rejection ? line : PARSE[kind](RecordFields.ofText(line.toString()), judge);
};
const FIELDS = KINDS.flatMap((kind) => FIELD_TABLE[kind].map((field) => [kind, field.name, field] as const));

/** What is none of the type. Decimals stand for any number that is not whole. */
const NONE_OF: Readonly<Record<FieldType, readonly string[]>> = {
  id: ['a b', 'x'.repeat(65), '号'],
  instant: [
    '2025-01-15',
    '2025-01-15T10:00:00',
    '2025-02-30T10:00:00+08:00',
    '2025-01-15T24:00:00+08:00',
    '15/01/2025',
  ],
  date: ['2025-02-30', '20250115', '2025-1-5'],
  cycle: ['202513', '2025-01', '25'],
  msisdn: ['1380013800', '12800138000', '1380013800O'],
  imsi: [],
  text: ['x'.repeat(257), 'a\0b', 'a\tb'],
  word: ['OTHERWISE', 'new', 'constructor', '1'],
  province: ['4', '44 0000', '4400000'],
  fen: ['12.50', '1e3', '+5', '0x10', '1,000', '¥5', '1234567890123456', '٣'],
  integer: ['1.0', '-', '1e0'],
  seconds: ['61.5', '-1'],
  KB: ['0.5', '-1'],
  '0/1': ['2', 'yes', 'TRUE'],
};

describe('the table of fields', () => {
  it('has the words that are read, all of them and in their order', () => {
    const wordsOf = (kind: Kind, name: string): readonly string[] =>
      Object.keys(FIELD_TABLE[kind].find((field) => field.name === name)?.words ?? {});
    expect(wordsOf('USG', 'eventType')).toEqual([...EVENT_TYPES]);
    expect(wordsOf('USG', 'counterpartyClass')).toEqual([...COUNTERPARTY_CLASSES]);
    expect(wordsOf('PAY', 'operation')).toEqual([...OPERATIONS]);
    expect(wordsOf('ARR', 'status')).toEqual([...ARREARS_STATUSES]);
    expect(wordsOf('BIL', 'runType')).toEqual([...RUN_TYPES]);
    for (const [kind, name, { words = {} }] of FIELDS) {
      // Another operation asks for a reference.
      for (const word of name === 'operation' ? [] : Object.keys(words)) {
        expect([word, read(kind, { ...sample(kind), [name]: word })]).not.toEqual([word, expect.any(Rejection)]);
      }
    }
  });

  it.each(KINDS)('%s: its examples make a record, and so do the fields that must be there alone', (kind) => {
    expect(read(kind, sample(kind))).not.toBeInstanceOf(Rejection);
    const needed = Object.fromEntries(
      FIELD_TABLE[kind].filter(({ required }) => required).map(({ name, example }) => [name, example]),
    );
    if (kind === 'BIL') needed['payableFen'] = 0;
    expect(read(kind, needed)).not.toBeInstanceOf(Rejection);
    expect(LAYOUT[kind].names).toContain(ID_FIELD[kind]);
  });

  it.each(FIELDS)(
    '%s %s is refused under its own name with a code of the table when it is wrong',
    (kind, name, field) => {
      const { type, required, codes, minimum, maximum } = field as RecordField;
      const wrong = [...NONE_OF[type], ...(required ? [''] : [])];
      if (minimum !== undefined) wrong.push(String(minimum - 1));
      if (maximum !== undefined) wrong.push(String(maximum + 1));
      for (const value of wrong) {
        const refused = read(kind, { ...sample(kind), [name]: value });
        expect([value, refused]).toEqual([value, expect.any(Rejection)]);
        if (refused instanceof Rejection) {
          expect([value, refused.field, codes.includes(refused.code)]).toEqual([value, name, true]);
        }
      }
    },
  );
});

describe('[promise 21] money, volumes and times are whole numbers', () => {
  const measures = FIELDS.filter(([, , { type }]) => ['fen', 'KB', 'seconds', 'integer'].includes(type));

  it.each(measures)('%s %s', (kind, name) => {
    for (const value of [12.5, 0.1 + 0.2, 1e21, 2 ** 53, -0.5, Number.NaN, '12.0', '1e2', '١٢', '12 ', '0012.', '']) {
      const record = read(kind, { ...sample(kind), [name]: value });
      if (value === '' && !(record instanceof Rejection)) continue; // nothing
      expect([value, record]).toEqual([value, expect.any(Rejection)]);
    }
  });

  it('are exact to the last of twelve digits', () => {
    const most = 999_999_999_999;
    expect(read('PAY', { ...sample('PAY'), amountFen: most })).toMatchObject({ amountFen: most });
    expect(read('PAY', { ...sample('PAY'), amountFen: String(most) })).toMatchObject({ amountFen: most });
    expect(read('USG', { ...sample('USG'), volumeKB: most })).toMatchObject({ volumeKb: most });
    expect(read('PAY', { ...sample('PAY'), amountFen: most + 1 })).toMatchObject({ code: 'E_AMOUNT' });
  });
});

describe('[promise 20] a business month is one of Shanghai', () => {
  const monthOf = (kind: Kind, field: string, time: string): string => {
    const record = read(kind, { ...sample(kind), [field]: time });
    if (record instanceof Rejection || !('month' in record)) throw new Error(`${kind} ${time} is refused`);
    return new Date(record.month * 86_400_000).toISOString().slice(0, 10);
  };

  it.each([
    ['USG', 'eventTime'],
    ['PAY', 'paidAt'],
  ] as const)('%s %s: from 00:00 to 23:59:59.999 +08:00, whatever the offset it is written with', (kind, field) => {
    expect(monthOf(kind, field, '2025-01-31T23:59:59.999+08:00')).toBe('2025-01-01');
    expect(monthOf(kind, field, '2025-01-31T23:59:59.999999999+08:00')).toBe('2025-01-01');
    expect(monthOf(kind, field, '2025-02-01T00:00:00+08:00')).toBe('2025-02-01');
    expect(monthOf(kind, field, '2025-01-31T15:59:59.999Z')).toBe('2025-01-01');
    expect(monthOf(kind, field, '2025-01-31T16:00:00Z')).toBe('2025-02-01');
    expect(monthOf(kind, field, '2025-02-01T05:59:59-10:00')).toBe('2025-02-01');
    expect(monthOf(kind, field, '2025-02-28T23:59:59.999+08:00')).toBe('2025-02-01');
    expect(monthOf(kind, field, '2025-01-01T00:00:00+08:00')).toBe('2025-01-01');
  });

  it('ARR snapshotOn: the day begins at 00:00 +08:00', () => {
    expect(monthOf('ARR', 'snapshotOn', '2025-01-31')).toBe('2025-01-01');
    expect(monthOf('ARR', 'snapshotOn', '2025-02-01')).toBe('2025-02-01');
  });
});
