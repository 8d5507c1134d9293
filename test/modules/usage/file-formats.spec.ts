import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { Transaction } from '../../../src/platform/database/index.js';
import { ForgetNumbers } from '../../../src/modules/usage/application/forget-numbers.js';
import { UsageInCopy } from '../../../src/modules/usage/application/usage-in-copy.js';
import { LAYOUT } from '../../../src/modules/usage/domain/field-table.js';
import type { Kind } from '../../../src/modules/usage/domain/codes.js';
import { aUsage, fileText, gbk, gzipped, plain, usageFile, usageText, usageTotals } from './support/boss-file.js';
import { startIntake, type TestIntake } from './support/intake.js';

const MSISDN = '13800000001';
const payment = (given: object = {}): Record<string, string> => ({
  paymentId: 'P-1', accountNo: `A-${MSISDN}`, msisdn: MSISDN, paidAt: '2025-01-31T09:00:00+08:00', amountFen: '6500', method: 'WECHAT',
  payer: 'SELF', billNo: 'B-1', operation: 'NEW', refRecordId: '', version: '1', ...given,
}); // prettier-ignore
const snapshot = (given: object = {}): Record<string, string> => ({
  recordId: 'S-1', eventTime: '2025-01-20T10:00:00+08:00', accountNo: 'A-9', msisdn: '13900000009', name: '张三', idType: 'ID_CARD',
  idNumber: '11010119900101001X', brand: 'GOTONE', regionHome: '440000', activatedOn: '2020-05-01', status: 'ACTIVE',
  statusAt: '2025-01-10T00:00:00+08:00', simKind: 'MAIN', realName: '1', operation: 'NEW', version: '1', ...given,
}); // prettier-ignore
const lineOf = (names: readonly string[], record: Record<string, string>): string =>
  ['D', ...names.map((name) => record[name] ?? '')].join('|');

describe('[promise 26] [USG-02] files of both formats side by side', () => {
  let intake: TestIntake;
  let customerId: string;
  let sequences = 0;
  beforeEach(async () => {
    intake = await startIntake({}, [ForgetNumbers, UsageInCopy]);
    customerId = await intake.customer(MSISDN);
    sequences = 0;
  });
  afterEach(() => intake.close());

  const send = (kind: Kind, record: Record<string, string>, columns?: readonly string[], more = '') => {
    const time = record['paidAt'] ?? record['eventTime'] ?? '';
    const file = fileText({
      kind, sequence: ++sequences, lines: [lineOf(columns ?? LAYOUT[kind].names, record) + more], ...(columns && { columns }),
      totals: { fee: Number(record['amountFen'] ?? 0), first: time, last: time },
    }); // prettier-ignore
    return intake.files.execute(file.name, gzipped(file.text));
  };
  const counts = { received: 1, loaded: 0, duplicate: 0, rejected: 0, held: 0 };
  const loaded = { state: 'OK', counts: { ...counts, loaded: 1 } };
  const known = { state: 'OK', counts: { ...counts, duplicate: 1 } };
  const extras = async (): Promise<unknown[]> => {
    const rows = await intake.db.query<{
      kind: string;
      source: string;
      record_id: string;
      version: number;
      sealed: Buffer;
    }>('SELECT kind, source, record_id, version, sealed FROM usage.record_extra ORDER BY kind, record_id, version');
    return rows.map(({ sealed, ...row }) => [
      row.record_id,
      JSON.parse(intake.personalData.open(sealed, `usage.extra:${Object.values(row).join(':')}`)),
    ]);
  };

  it('know a record again in whichever format and order of columns it comes', async () => {
    expect(await send('PAY', payment())).toMatchObject(loaded);
    expect(await send('PAY', payment(), LAYOUT.PAY.names.toReversed())).toMatchObject(known);
    const needed = LAYOUT.PAY.names.filter((name) => name !== 'refRecordId');
    expect(await send('PAY', payment({ mood: 'good' }), ['mood', ...needed])).toMatchObject(known);
    expect(await intake.records.execute('PAY', 'BOSS', [payment()])).toEqual([{ outcome: 'DUPLICATE' }]);
    expect(await send('PAY', payment({ amountFen: '6501' }), needed)).toMatchObject({ counts: { rejected: 1 } });

    expect(await send('SUB', snapshot(), ['version', ...LAYOUT.SUB.names.slice(0, -1)])).toMatchObject(loaded);
    expect(await send('SUB', snapshot())).toMatchObject(known);
    expect(await send('SUB', snapshot(), undefined, '|more')).toMatchObject(known);
    expect(await intake.records.execute('SUB', 'BOSS', [snapshot({ more: 'x' })])).toEqual([{ outcome: 'DUPLICATE' }]);
  });

  it('keep what 02 adds, and sealed what nobody knows, of every format and channel; of the first that came', async () => {
    const columns = [...LAYOUT.PAY.names, 'regionPaid', 'counter', 'note'];
    expect(await send('PAY', payment({ regionPaid: '110000', counter: '7', note: '大厅' }), columns)).toMatchObject(
      loaded,
    );
    expect(await send('PAY', payment({ paymentId: 'P-2' }), undefined, '|north||x')).toMatchObject(loaded);
    expect(await send('PAY', payment({ paymentId: 'P-3' }), undefined, '|')).toMatchObject(loaded);
    await intake.records.execute('PAY', 'BOSS', [
      { ...payment({ paymentId: 'P-4' }), tags: ['a', 1], regionPaid: '440000' },
    ]);
    await intake.records.execute('PAY', 'BOSS', [{ ...payment({ paymentId: 'P-4' }), tags: ['b'] }]);
    expect(await send('SUB', snapshot({ hobby: '棋' }), [...LAYOUT.SUB.names, 'hobby'])).toMatchObject(loaded);
    expect(await extras()).toEqual([
      ['P-1', { counter: '7', note: '大厅' }],
      ['P-2', { field12: 'north', field14: 'x' }],
      ['P-4', { tags: ['a', 1] }],
      ['S-1', { hobby: '棋' }],
    ]);
    expect(await intake.db.query('SELECT payment_id, region_paid FROM usage.payment ORDER BY 1')).toEqual([
      { payment_id: 'P-1', region_paid: '110000' },
      { payment_id: 'P-2', region_paid: null },
      { payment_id: 'P-3', region_paid: null },
      { payment_id: 'P-4', region_paid: '440000' },
    ]);
  });

  it('keep it too of a record that waited, and of a correction', async () => {
    const late = payment({ msisdn: '13900000009', accountNo: 'A-9', surprise: '!' });
    const columns = [...LAYOUT.PAY.names, 'surprise'];
    expect(await send('PAY', late, columns)).toMatchObject({ counts: { held: 1 } });
    expect(await extras()).toEqual([]);
    await send('SUB', snapshot());
    expect(await extras()).toEqual([['P-1', { surprise: '!' }]]);
    const correction = {
      ...late,
      amountFen: '7000',
      operation: 'CORRECT',
      refRecordId: 'P-1',
      version: '2',
      surprise: '?',
    };
    expect(await send('PAY', correction, columns)).toMatchObject(loaded);
    expect(await extras()).toEqual([
      ['P-1', { surprise: '!' }],
      ['P-1', { surprise: '?' }],
    ]);
  });

  it('show it in the copy of its subject, and forget it with him', async () => {
    await send('PAY', payment({ surprise: '!' }), [...LAYOUT.PAY.names, 'surprise']);
    const section = intake
      .get(UsageInCopy)
      .sections()
      .find(({ name }) => name === 'usage.extra');
    const copy = async (): Promise<unknown[]> =>
      (await intake.db.query(section?.sql ?? '', [customerId])).map((row) => section?.show?.(row));
    const said = { kind: 'PAY', source: 'BOSS', recordId: 'P-1', version: 1 };
    expect(await copy()).toEqual([{ ...said, says: { surprise: '!' } }]);
    await new Transaction(await intake.db.dataSource()).run((tx) =>
      intake.get(ForgetNumbers).ofCustomer(tx, customerId),
    );
    expect(await copy()).toEqual([{ ...said, says: undefined }]);
    expect(await send('PAY', payment({ surprise: 'again' }), [...LAYOUT.PAY.names, 'surprise'])).toMatchObject(known);
    expect(await copy()).toEqual([{ ...said, says: undefined }]);
  });

  it('of usage too: many lines of 02 become the records and months that the same lines of 01 become', async () => {
    const records = Array.from({ length: 500 }, (_, n) =>
      aUsage({ recordId: `U-${n}`, durationSec: n, feeFen: n % 7 }),
    );
    const names = LAYOUT.USG.names;
    const columns = [...names.toReversed(), 'cell'];
    const lines = records.map((record, n) => `D|${usageText(record).split('|').slice(1).toReversed().join('|')}|c${n}`);
    const in02 = fileText({ lines, columns, totals: usageTotals(records) });
    expect(await intake.files.execute(in02.name, gzipped(in02.text))).toMatchObject({
      state: 'OK',
      counts: { loaded: 500 },
    });
    const in01 = usageFile(records, { sequence: 2 });
    expect(await intake.files.execute(in01.name, gzipped(in01.text))).toMatchObject({
      state: 'OK',
      counts: { duplicate: 500 },
    });
    const [sums] = await intake.db.query('SELECT voice_mo_sec FROM usage.month_fact');
    expect(sums).toEqual({ voice_mo_sec: (499 * 500) / 2 });
    expect(await extras()).toHaveLength(500);
  });

  it.each([
    ['another format than its name', (text: string) => text.replace('H|01', 'H|02'), /not that of the file name/],
    ['a format that we do not know', (text: string) => text.replace('H|01', 'H|03'), /one of 01, 02/],
    ['a byte order mark', (text: string) => `\ufeff${text}`, /byte order mark/],
  ])('are refused with %s', async (_, damage, text) => {
    const file = usageFile([aUsage()]);
    const answer = await intake.files.execute(file.name, plain(damage(file.text)));
    expect(answer).toMatchObject({ state: 'BAD', problem: { code: 'E_FORMAT', text: expect.stringMatching(text) } });
  });

  it('are refused under a name with a format that we do not know, saying which there are', async () => {
    const file = usageFile([aUsage()]);
    const answer = await intake.files.execute(
      file.name.replace('_01.', '_03.'),
      plain(file.text.replace('H|01', 'H|03')),
    );
    expect(answer).toMatchObject({
      state: 'BAD',
      problem: { code: 'E_FORMAT', text: expect.stringMatching(/01, 02/) },
    });
  });

  it('are refused when a column that must be there is not named, and take only that record out which has too few fields', async () => {
    expect(await send('PAY', payment(), ['paymentId', 'msisdn'])).toMatchObject({
      state: 'BAD',
      problem: { text: expect.stringMatching(/column paidAt/) },
    });
    const answer = await send('PAY', payment(), LAYOUT.PAY.names, '|');
    expect(answer).toMatchObject({ state: 'PARTIAL', counts: { rejected: 1 } });
    expect(await intake.answers.answerText(answer.fileId, {})).toContain('has 12 fields, the header names 11');
  });
});

describe('[USG-02] the encoding of a file', () => {
  let intake: TestIntake;
  beforeEach(async () => {
    intake = await startIntake();
    await intake.db.query(`INSERT INTO usage.source (source, registered_at) VALUES ('OLD', now())`);
    await intake.db.query(
      `INSERT INTO usage.source_feed (source, kind, encoding, expected_daily, deadline_days, last_sequence, closed_sequence, missing_batches)
       VALUES ('OLD', 'SUB', 'GBK', false, 0, 0, 0, '{}')`,
    );
  });
  afterEach(() => intake.close());

  /** The trailer signs the bytes as they are sent. */
  const send = (source: string, sequence: number, lines: readonly Buffer[], columns?: readonly string[]) => {
    const body = Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')]));
    const sha = createHash('sha256').update(body).digest('hex');
    const version = columns ? '02' : '01';
    const head = ['H', version, source, '440000', '20250201', sequence, '2025-02-01T02:00:00+08:00', lines.length];
    if (columns) head.push(columns.join(','));
    const time = snapshot()['eventTime'];
    const trailer = `T|${lines.length}|0|0|0|${time}|${time}|${sha}\n`;
    const bytes = Buffer.concat([Buffer.from(`${head.join('|')}\n`), body, Buffer.from(trailer)]);
    return intake.files.execute(
      `SUB_${source}_440000_20250201_00000${sequence}_${version}.csv`,
      Readable.from([bytes]),
    );
  };
  const names = LAYOUT.SUB.names;

  it('is GBK where that was agreed: names come out right, even where a character holds the byte of |', async () => {
    const name = '諀张三'; // 諀 is D5 7C
    const line = gbk(lineOf(names, snapshot({ name })));
    expect(line.includes(Buffer.from('d57c', 'hex'))).toBe(true);
    expect(await send('OLD', 1, [line])).toMatchObject({ state: 'OK', encoding: 'GBK', counts: { loaded: 1 } });
    expect(await intake.records.execute('SUB', 'OLD', [snapshot({ name })])).toEqual([{ outcome: 'DUPLICATE' }]);
    const columns = ['club', ...names.toReversed()];
    expect(await send('OLD', 2, [gbk(lineOf(columns, snapshot({ name, club: '棋社' })))], columns)).toMatchObject({
      state: 'OK',
      counts: { duplicate: 1 },
    });
    const rare = Buffer.concat([
      gbk(lineOf(names, snapshot({ recordId: 'S-2', name: '' }))).subarray(0, -1),
      Buffer.from('2'),
    ]);
    const parts = rare.toString('latin1').split('|');
    parts[5] = Buffer.from('95328236', 'hex').toString('latin1'); // 𠀀: four bytes of GB 18030
    expect(await send('OLD', 3, [Buffer.from(parts.join('|'), 'latin1')])).toMatchObject({ counts: { loaded: 1 } });
    expect(
      await intake.records.execute('SUB', 'OLD', [snapshot({ recordId: 'S-2', name: '𠀀', version: '2' })]),
    ).toEqual([{ outcome: 'DUPLICATE' }]);
  });

  it('is held to, record by record: what is none of it is refused alone, and no guess is stored', async () => {
    const sound = Buffer.from(lineOf(names, snapshot({ recordId: 'S-2', name: 'Zhang San' })));
    const damaged = Buffer.from(lineOf(names, snapshot({ name: '\x01' }))).map((byte) => (byte === 1 ? 0xff : byte));
    for (const [source, line, text] of [
      ['OLD', Buffer.from(damaged), 'no GBK'],
      ['BOSS', gbk(lineOf(names, snapshot())), 'valid UTF-8'],
    ] as const) {
      const answer = await send(source, 1, [line, sound]);
      expect(answer).toMatchObject({ state: 'PARTIAL', counts: { received: 2, loaded: 1, rejected: 1 } });
      const text01 = await intake.answers.answerText(answer.fileId, {});
      expect(text01).toMatch(new RegExp(`R\\|2\\|S-1\\|E_FORMAT\\|.*${text}`));
    }
  });
});
