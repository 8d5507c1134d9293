import { createReadStream } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { Transaction } from '../../../src/platform/database/index.js';
import { KINDS } from '../../../src/modules/usage/domain/codes.js';
import { ERROR_CODES } from '../../../src/modules/usage/domain/rejection.js';
import { refuseHeldLines } from '../../../src/modules/usage/persistence/forgotten-lines.js';
import { fileText, plain } from './support/boss-file.js';
import { withTables } from './support/contract-tables.js';
import { startIntake, type TestIntake } from './support/intake.js';

const PAGE = 'docs/boss-contract.md';
const SAMPLES = 'docs/boss-samples';
const rowsOf = (page: string): readonly (readonly string[])[] =>
  page
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.slice(2, -2).split(/ (?<!\\)\| /));

describe('the page that billing engineers read', () => {
  it('has the fields that are read, word for word', async () => {
    const page = await readFile(PAGE, 'utf8');
    const right = withTables(page, KINDS);
    if (process.env['CONTRACT'] === 'write') await writeFile(PAGE, right);
    else expect(page).toBe(right);
  });

  it('[promise 15] has the whole catalogue of codes, which stays as it is', async () => {
    const page = await readFile(PAGE, 'utf8');
    const codes = rowsOf(page).flatMap(([code = '']) => (/^E_[A-Z_]+$/.test(code) ? [code] : []));
    expect(codes).toEqual([...ERROR_CODES]);
    expect(codes).toEqual([
      'E_FORMAT', 'E_CHECKSUM', 'E_COUNT', 'E_SEQ', 'E_MSISDN', 'E_UNKNOWN_ACCOUNT', 'E_DATE', 'E_AMOUNT', 'E_CONFLICT', 'E_REF',
      'E_CLOSED', 'E_DUP', 'E_LATE',
    ]); // prettier-ignore
  });
});

describe('the samples of the contract, sent to an empty system', () => {
  let intake: TestIntake;
  let sequence = 100;
  const send = (name: string) => intake.files.execute(name, createReadStream(`${SAMPLES}/${name}`));

  beforeAll(async () => {
    intake = await startIntake();
    await intake.db.query(`INSERT INTO usage.source (source, registered_at) VALUES ('BOSSGBK', now())`);
    await intake.db.query(
      `INSERT INTO usage.source_feed (source, kind, encoding, expected_daily, deadline_days, last_sequence, closed_sequence, missing_batches)
       VALUES ('BOSSGBK', 'SUB', 'GBK', false, 0, 0, 0, '{}')`,
    );
  });
  afterAll(() => intake.close());

  it('[promise 26] get the answers that stand beside them', async () => {
    const files = rowsOf(await readFile(`${SAMPLES}/README.md`, 'utf8')).filter(([name]) => name?.endsWith('.csv'));
    expect(files.map(([name]) => name).toSorted()).toEqual(
      (await readdir(SAMPLES)).filter((name) => name.endsWith('.csv')),
    );
    for (const [name = '', , state, ...counts] of files) {
      const answer = await send(name);
      const { received, loaded, duplicate, rejected, held } = answer.counts;
      expect([name, answer.state, received, loaded, duplicate, rejected, held]).toEqual([
        name,
        state,
        ...counts.map(Number),
      ]);
      const expected = await readFile(`${SAMPLES}/${name.replace('.csv', '.rsp')}`, 'utf8').catch(() => undefined);
      if (expected !== undefined) expect(await intake.answers.answerText(answer.fileId, {})).toBe(expected);
    }
    expect(await intake.db.query(`SELECT count(*) FROM customers.customer`)).toEqual([{ count: 4 }]);
    expect(await intake.db.query(`SELECT run_type FROM usage.customer_bill WHERE run_type IS NOT NULL`)).toHaveLength(
      1,
    );
  });

  it('[promise 15] and each code comes of what the page says it comes of', async () => {
    const page = await readFile(PAGE, 'utf8');
    const examples = new Map(
      [...page.matchAll(/^(E_[A-Z_]+) +(\S.*)$/gm)].map(([, code = '', text = '']) => [code, text]),
    );
    expect([...examples.keys()].toSorted()).toEqual([...ERROR_CODES].toSorted());
    const file = (lines: readonly string[], totals: object = {}, date?: string) =>
      fileText({ kind: 'PAY', sequence: ++sequence, lines, totals, ...(date && { date }) });
    const problemOf = async ({ name, text }: { name: string; text: string }) =>
      (await intake.files.execute(name, plain(text))).problem?.code;

    const lines = [...examples].filter(([, text]) => text.startsWith('D|'));
    const mixed = file(lines.map(([, text]) => text));
    const answer = await intake.files.execute(mixed.name, plain(mixed.text));
    expect(answer.counts).toMatchObject({ loaded: 0, duplicate: 0 });
    await new Transaction(await intake.db.dataSource()).run((tx) =>
      refuseHeldLines(tx, new Date('2026-01-01T00:00:00Z')),
    );
    const refused = await intake.db.query<{ code: string; line_no: number }>(
      'SELECT code, line_no FROM usage.rejected_record WHERE intake_id = $1 ORDER BY line_no',
      [answer.fileId],
    );
    expect(refused).toEqual(lines.map(([code], at) => ({ code, line_no: at + 2 })));

    const good = await readFile(`${SAMPLES}/PAY_BOSS_440000_20250201_000001_01.csv`, 'utf8');
    const fresh = file(['D|P-8|440000000007|13800138000|2025-01-31T09:00:00+08:00|1|WECHAT|SELF||NEW||1']);
    await intake.db.query(
      `INSERT INTO usage.source_day (source, kind, province, business_date, state, closed_at, closed_by) VALUES ('BOSS', 'PAY', '440000', '2025-01-31', 'CLOSED', now(), 'test')`,
    );
    const brought: Record<string, string | undefined> = {
      E_COUNT: await problemOf(file([], { count: 1 })),
      E_CHECKSUM: await problemOf({ ...fresh, text: fresh.text.replace('|1|WECHAT', '|2|WECHAT') }),
      E_SEQ: await problemOf(fileText({ kind: 'PAY', sequence: 1, lines: [] })),
      E_DUP: await problemOf({ name: 'PAY_BOSS_440000_20250201_000001_01.csv', text: good }),
      E_CLOSED: await problemOf(file([], {}, '20250131')),
    };
    for (const [code, found] of Object.entries(brought)) expect([code, found]).toEqual([code, code]);
    expect([...lines.map(([code]) => code), ...Object.keys(brought)].toSorted()).toEqual([...ERROR_CODES].toSorted());
  });
});
