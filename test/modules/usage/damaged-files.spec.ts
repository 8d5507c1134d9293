import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { aUsage, fileText, gzipped, plain, usageFile, usageText } from './support/boss-file.js';
import { startIntake, type TestIntake } from './support/intake.js';

const records = Array.from({ length: 100 }, (_, n) => aUsage({ recordId: `U-${n}` }));
const whole = usageFile(records);
const broken = (n: number, of = records): string[] =>
  of.map((record, at) => (at < n ? usageText(record).replace('VOICE_MO', 'FAX') : usageText(record)));
const oneByte = (text: string, at: number): string => `${text.slice(0, at)}9${text.slice(at + 1)}`;

/** What may happen to a file on its way, and the code of the whole file's refusal. */
const DAMAGES: readonly [string, string, () => { name: string; body: Readable }][] = [
  ['the gzip is cut off', 'E_CHECKSUM', () => ({ name: whole.name, body: Readable.from([gzipSync(whole.text).subarray(0, 300)]) })],
  ['the gzip is damaged', 'E_CHECKSUM', () => {
    const bytes = gzipSync(whole.text);
    bytes.fill(0, 200, 260);
    return { name: whole.name, body: Readable.from([bytes]) };
  }],
  ['the trailer is missing', 'E_COUNT', () => ({ name: whole.name, body: plain(whole.text.slice(0, whole.text.indexOf('\nT|') + 1)) })],
  ['the trailer is cut', 'E_FORMAT', () => ({ name: whole.name, body: plain(whole.text.slice(0, -10)) })],
  ['the count is wrong', 'E_COUNT', () => bodyOf(usageFile(records, { totals: { count: 99 } }))],
  ['the sum of fees is wrong', 'E_COUNT', () => bodyOf(usageFile(records, { totals: { fee: 1 } }))],
  ['the sum of minutes is wrong', 'E_COUNT', () => bodyOf(usageFile(records, { totals: { minutes: 1 } }))],
  ['the sum of volumes is wrong', 'E_COUNT', () => bodyOf(usageFile(records, { totals: { kb: 1 } }))],
  ['the sum of fees leaves out lines that are wrong', 'E_COUNT', () => bodyOf(fileText({ lines: broken(5), totals: { fee: 95 * 20 } }))],
  ['the first event time is wrong', 'E_COUNT', () => bodyOf(usageFile(records, { totals: { first: '2025-01-14T00:00:00+08:00' } }))],
  ['one byte of the body changed', 'E_CHECKSUM', () => bodyOf({ ...whole, text: oneByte(whole.text, whole.text.indexOf('|61|') + 1) })],
  ['the header is missing', 'E_FORMAT', () => bodyOf({ ...whole, text: whole.text.slice(whole.text.indexOf('\n') + 1) })],
  ['the header names another source', 'E_FORMAT', () => bodyOf({ ...whole, text: whole.text.replace('|BOSS|', '|CRM|') })],
  ['the name has another sequence', 'E_FORMAT', () => bodyOf({ ...whole, name: whole.name.replace('000001', '000002') })],
  ['the name has another day', 'E_FORMAT', () => bodyOf({ ...whole, name: whole.name.replace('20250201', '20250202') })],
  ['the format version is unknown', 'E_FORMAT', () => bodyOf({ ...whole, text: whole.text.replace('H|01', 'H|02') })],
  ['it is a file of bills under a name of usage', 'E_FORMAT', () => bodyOf(fileText({ lines: Array(40).fill('D|B1|A1|13800000001|202501') }))],
  ['too many records are wrong', 'E_FORMAT', () => bodyOf(fileText({ lines: broken(30) }))],
  ['there are lines after the trailer', 'E_FORMAT', () => bodyOf({ ...whole, text: `${whole.text}D|more\n` })],
  ['a line is of no known type', 'E_FORMAT', () => bodyOf({ ...whole, text: whole.text.replace('\nD|U-50', '\nX|U-50') })],
  ['it is noise', 'E_FORMAT', () => ({ name: whole.name, body: Readable.from([randomBytes(100_000).map((byte) => byte | 0x40)]) })],
  ['it is empty', 'E_FORMAT', () => ({ name: whole.name, body: plain('') })],
  ['a line never ends', 'E_FORMAT', () => bodyOf({ ...whole, text: whole.text.replace('\nD|U-50', `\nD|${'9'.repeat(20_000)}`) })],
]; // prettier-ignore

const bodyOf = (file: { name: string; text: string }): { name: string; body: Readable } => ({
  name: file.name,
  body: gzipped(file.text),
});

describe('[promise 10] [USG-02] a damaged file', () => {
  let intake: TestIntake;
  beforeAll(async () => {
    intake = await startIntake({ maxUploadBytes: 1 << 20 });
    await intake.customer('13800000001');
  });
  afterAll(() => intake.close());

  it.each(DAMAGES)('leaves nothing behind when %s', async (_, code, make) => {
    const { name, body } = make();
    const answer = await intake.files.execute(name, body);
    expect(answer).toMatchObject({ state: 'BAD', counts: { loaded: 0 }, problem: { code } });
    const stored = await intake.db.query(
      `SELECT (SELECT count(*) FROM usage.usage_record) AS records, (SELECT count(*) FROM usage.customer_month) AS months,
         (SELECT count(*) FROM usage.held_record) AS held`,
    );
    expect(stored).toEqual([{ records: 0, months: 0, held: 0 }]);
    expect(await intake.answers.answerText(answer.fileId, {})).toContain(`${name}|BAD|`);
  });

  it('that unpacks to far more than it may is refused without being unpacked to the end', async () => {
    const bomb = gzipSync(
      Buffer.concat([
        Buffer.from(whole.text.split('\n')[0] + '\n'),
        Buffer.from(`${usageText(aUsage())}\n`.repeat(300_000)),
      ]),
    );
    const before = process.memoryUsage().rss;
    const answer = await intake.files.execute(whole.name, Readable.from([bomb]));
    expect(answer).toMatchObject({ state: 'BAD', problem: { code: 'E_FORMAT' } });
    expect(process.memoryUsage().rss - before).toBeLessThan(300e6);
  });

  it('stays open for the right one: the same sequence is taken afterwards', async () => {
    const answer = await intake.files.execute(whole.name, gzipped(whole.text));
    expect(answer).toMatchObject({ state: 'OK', counts: { loaded: 100 } });
  });

  it('under a sequence that was loaded, with another content, is refused as E_SEQ', async () => {
    const other = usageFile([aUsage({ recordId: 'OTHER' })]);
    expect(await intake.files.execute(other.name, gzipped(other.text))).toMatchObject({
      state: 'BAD',
      problem: { code: 'E_SEQ' },
    });
    expect(await intake.db.query('SELECT count(*) FROM usage.usage_record')).toEqual([{ count: 100 }]);
  });

  it('with a name outside the contract is not even read', async () => {
    await expect(intake.files.execute('usage.csv', plain(''))).rejects.toMatchObject({ code: 'intake.file-name' });
  });

  it('[promise 12] is not the one of a day without records', async () => {
    const empty = fileText({ sequence: 7, lines: [] });
    expect(await intake.files.execute(empty.name, gzipped(empty.text))).toMatchObject({
      state: 'OK',
      counts: { received: 0, loaded: 0 },
    });
  });

  it('[promise 11] with a few bad records loses only those, and keeps them sealed with their reasons', async () => {
    const lines = records.map((record) => usageText({ ...record, recordId: `P${record.recordId}` }));
    lines[3] = (lines[3] ?? '').replace('VOICE_MO', 'FAX');
    lines[5] = (lines[5] ?? '').replace('13800000001', '12800000001');
    const file = fileText({ sequence: 8, lines });
    const answer = await intake.files.execute(file.name, gzipped(file.text));
    expect(answer).toMatchObject({ state: 'PARTIAL', counts: { received: 100, loaded: 98, rejected: 2 } });
    expect((await intake.answers.answerText(answer.fileId, {})).split('\n')).toEqual([
      `H|${file.name}|PARTIAL|100|98|0|2|0`,
      'R|5|PU-3|E_FORMAT|eventType: is not in the list of event types',
      'R|7|PU-5|E_MSISDN|msisdn: must be a mobile number of 11 digits',
      '',
    ]);
    const [kept] = await intake.db.query<{ sealed: Buffer }>(
      'SELECT sealed FROM usage.reject WHERE intake_id = $1 AND line_no = 7',
      [answer.fileId],
    );
    expect(kept?.sealed.includes('12800000001')).toBe(false);
    expect(intake.personalData.open(kept?.sealed ?? Buffer.alloc(0), `usage.line:${answer.fileId}:7`)).toContain(
      '|12800000001|',
    );
  });

  it('[promise 11] is one of which more than two in a hundred records are wrong, and not one of which just so many are', async () => {
    const thousand = Array.from({ length: 1000 }, (_, n) => aUsage({ recordId: `Q-${n}` }));
    const send = (sequence: number, wrong: number) => {
      const file = fileText({ sequence, lines: broken(wrong, thousand) });
      return intake.files.execute(file.name, gzipped(file.text));
    };
    expect(await send(9, 21)).toMatchObject({
      state: 'BAD',
      counts: { received: 1000, loaded: 0, rejected: 21 },
      problem: { code: 'E_FORMAT', text: '21 of 1000 records are wrong, more than 2%' },
    });
    expect(await send(9, 20)).toMatchObject({ state: 'PARTIAL', counts: { loaded: 980, rejected: 20 } });
  });
});
