import fc from 'fast-check';
import { KINDS, type Kind } from './codes.js';
import { ColumnOrder } from './column-order.js';
import { FIELD_TABLE, LAYOUT } from './field-table.js';
import { DEFAULT_LIMITS, type Judgement } from './judgement.js';
import { RecordFields } from './record-fields.js';
import { lineOfRecord, recordOfLine } from './record-line.js';
import { parseArrears } from './records/arrears.js';
import { parseBill } from './records/bill.js';
import { parsePayment } from './records/payment.js';
import { parseSubscription } from './records/subscription.js';
import { parseUsage } from './records/usage.js';
import { BadFile, Rejection } from './rejection.js';

const PARSE = { USG: parseUsage, BIL: parseBill, PAY: parsePayment, SUB: parseSubscription, ARR: parseArrears };
const judge: Judgement = {
  limits: DEFAULT_LIMITS,
  createdAt: Date.parse('2025-03-01T00:00:00+08:00'),
  now: Date.parse('2025-03-01T00:00:00+08:00'),
};
/** The record of the contract's own examples. */
const sample = (kind: Kind): Record<string, unknown> => {
  const {
    refRecordId: _,
    supersedes: __,
    ...record
  } = Object.fromEntries(FIELD_TABLE[kind].map(({ name, example }) => [name, example]));
  return record;
};
const written = (value: unknown): string => (typeof value === 'boolean' ? (value ? '1' : '0') : String(value ?? ''));
const textOf = (line: Buffer | Rejection): string => (line instanceof Rejection ? line.text : line.toString());
const parse = (kind: Kind, line: string) => PARSE[kind](RecordFields.ofText(line), judge);
const taken = (kind: Kind, line: string): object => {
  const record = parse(kind, line);
  if (record instanceof Rejection) throw new Error(`${record.code} ${record.field} ${record.text}`);
  return record;
};
const contentOf = (record: object): unknown => Reflect.get(record, 'contentHash') ?? Reflect.get(record, 'content');
const rewritten = (kind: Kind, columns: readonly string[], values: readonly string[]): string => {
  const target = Buffer.alloc(65_536);
  const end = new ColumnOrder(kind, columns.join(',')).rewrite(RecordFields.ofText(['D', ...values].join('|')), target);
  return target.toString('utf8', 0, end);
};
/** The line of format 01: without the fields that came with 02. */
const lineOf01 = (kind: Kind, record: Record<string, unknown>): string =>
  ['D', ...LAYOUT[kind].names.map((name) => written(record[name]))].join('|');

describe('[promise 26] one record in format 01, in format 02 and as JSON', () => {
  it.each(KINDS)('%s: any order of columns, optional ones left out, unknown ones added, gives one content', (kind) => {
    const record = sample(kind);
    const content = contentOf(taken(kind, lineOf01(kind, record)));
    const extras = fc.dictionary(fc.stringMatching(/^x[A-Za-z0-9_]{0,10}$/), fc.stringMatching(/^[^|\r\n]{1,20}$/), {
      maxKeys: 3,
    });
    const order = fc.infiniteStream(fc.double({ noNaN: true }));
    fc.assert(
      fc.property(extras, order, (unknown, ranks) => {
        const all = { ...record, ...unknown };
        const columns = Object.keys(all)
          .map((name) => ({ name, rank: ranks.next().value }))
          .sort((a, b) => a.rank - b.rank)
          .map(({ name }) => name);
        const in02 = taken(
          kind,
          rewritten(
            kind,
            columns,
            columns.map((name) => written(all[name])),
          ),
        );
        const asJson = taken(kind, textOf(lineOfRecord(kind, all)));
        for (const read of [in02, asJson]) {
          expect(contentOf(read)).toEqual(content);
          expect(JSON.parse(String(Reflect.get(read, 'extra') ?? '{}'))).toEqual(unknown);
        }
        expect({ ...in02, extra: undefined }).toEqual({ ...asJson, extra: undefined });
      }),
      { numRuns: 100 },
    );
  });

  it('has its new fields in 02 and as JSON, judged like the others', () => {
    const paid = taken('PAY', rewritten('PAY', [...LAYOUT.PAY.names, 'regionPaid'], [...LAYOUT.PAY.names.map((name) => written(sample('PAY')[name])), '110000'])); // prettier-ignore
    expect(paid).toMatchObject({ regionPaid: '110000', extra: undefined });
    expect(taken('BIL', textOf(lineOfRecord('BIL', { ...sample('BIL'), runType: 'offCycle' })))).toMatchObject({
      runType: 'offCycle',
    });
    expect(taken('USG', textOf(lineOfRecord('USG', sample('USG'))))).toMatchObject({
      receivedAt: Date.parse('2025-01-15T10:05:00+08:00'),
    });
    for (const [kind, field, value, code] of [
      ['PAY', 'regionPaid', '11 0000', 'E_FORMAT'],
      ['BIL', 'runType', 'always', 'E_FORMAT'],
      ['USG', 'receivedAt', 'yesterday', 'E_DATE'],
    ] as const) {
      expect(parse(kind, textOf(lineOfRecord(kind, { ...sample(kind), [field]: value })))).toMatchObject({
        code,
        field,
      });
    }
  });

  it('keeps what the contract does not know: in 01 by its place, in 02 and JSON by its name', () => {
    expect(taken('PAY', `${lineOf01('PAY', sample('PAY'))}|north||x=1`)).toMatchObject({
      extra: '{"field12":"north","field14":"x=1"}',
    });
    const odd = { 'a|b': 'c|d\n"', deep: { list: [1, null] }, number: 5, nothing: null };
    const line = textOf(lineOfRecord('PAY', { ...sample('PAY'), ...odd }));
    expect(line).not.toMatch(/[\r\n]/);
    const extra: unknown = JSON.parse(String(Reflect.get(taken('PAY', line), 'extra')));
    expect(extra).toEqual({ 'a|b': 'c|d\n"', deep: { list: [1, null] }, number: 5 });
  });

  it.each(KINDS)('%s: a line and its named values are two forms of one thing', (kind) => {
    for (const record of [sample(kind), { ...sample(kind), surprise: '惊|喜' }]) {
      const line = textOf(lineOfRecord(kind, record));
      expect(textOf(lineOfRecord(kind, recordOfLine(kind, line)))).toBe(line);
    }
    const withExtra = `${lineOf01(kind, sample(kind))}|more`;
    const again = textOf(lineOfRecord(kind, recordOfLine(kind, withExtra)));
    expect(contentOf(taken(kind, again))).toEqual(contentOf(taken(kind, withExtra)));
  });

  it.each([
    ['a column twice', [...LAYOUT.PAY.names, 'payer'], /twice/],
    ['without a column that must be there', LAYOUT.PAY.names.filter((name) => name !== 'paidAt'), /column paidAt/],
    ['with a name that is none', [...LAYOUT.PAY.names, 'two words'], /columns/],
    ['with nothing', [''], /columns/],
    [
      'with more columns than a line may have',
      [...LAYOUT.PAY.names, ...Array.from({ length: 60 }, (_, n) => `x${n}`)],
      /at most/,
    ],
  ])('02 with a header %s is no file of the contract', (_, columns, text) => {
    const attempt = (): unknown => new ColumnOrder('PAY', columns.join(','));
    expect(attempt).toThrow(BadFile);
    expect(attempt).toThrow(text);
  });

  it('a value as JSON that is no text, whole number or boolean is refused by name', () => {
    for (const amountFen of [12.5, Number.NaN, 2 ** 60, { fen: 1 }, 'a|b', 'x'.repeat(257), '\ud842']) {
      expect(lineOfRecord('PAY', { ...sample('PAY'), amountFen })).toMatchObject({
        code: 'E_FORMAT',
        field: 'amountFen',
      });
    }
    expect(lineOfRecord('PAY', { ...sample('PAY'), note: 'x'.repeat(9000) })).toMatchObject({ code: 'E_FORMAT' });
  });
});
