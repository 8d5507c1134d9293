import { setTimeout as delay } from 'node:timers/promises';
import { Readable } from 'node:stream';
import { aUsage, gzipped, plain, usageFile } from './support/boss-file.js';
import { startIntake, type TestIntake } from './support/intake.js';

const records = Array.from({ length: 3000 }, (_, n) => aUsage({ recordId: `U-${n}`, msisdn: `1380000000${n % 5}` }));
const file = usageFile(records);

describe('files that race and connections that die', () => {
  let intake: TestIntake;
  beforeEach(async () => {
    intake = await startIntake();
    for (let n = 0; n < 5; n++) await intake.customer(`1380000000${n}`);
  });
  afterEach(() => intake.close());

  const calls = async (): Promise<number | undefined> =>
    (
      await intake.db.query<{ calls: number }>('SELECT COALESCE(sum(calls), 0)::bigint AS calls FROM usage.month_fact')
    )[0]?.calls;

  it('[USG-02] the same file from four connections at once has one effect', async () => {
    const answers = await Promise.all([1, 2, 3, 4].map(() => intake.files.execute(file.name, gzipped(file.text))));
    expect(answers.filter(({ isRepeat }) => !isRepeat)).toHaveLength(1);
    expect(new Set(answers.map(({ fileId }) => fileId)).size).toBe(1);
    expect(await calls()).toBe(3000);
  });

  it('a fifth file at the same time is asked to come back later', async () => {
    const slow = (): Readable => Readable.from((async function* () {
      yield Buffer.from(file.text.slice(0, 200));
      await delay(300);
      yield Buffer.from(file.text.slice(200));
    })()); // prettier-ignore
    const four = [1, 2, 3, 4].map(() => intake.files.execute(file.name, slow()));
    await expect(intake.files.execute(file.name, slow())).rejects.toMatchObject({
      code: 'intake.busy',
      kind: 'too-many',
      facts: { retryAfterSeconds: 5 },
    });
    await Promise.all(four);
    expect(await calls()).toBe(3000);
  });

  it('the same records in two files and online at once count once', async () => {
    const other = usageFile([...records].reverse(), { sequence: 2 });
    const online = records.slice(0, 500).map(({ operation, ...record }) => ({
      ...record,
      operation,
      taxFen: 0,
      regionHome: '440000',
      tariffCode: 'T59',
      cycle: '202501',
    }));
    const [first, second, pushed] = await Promise.all([
      intake.files.execute(file.name, gzipped(file.text)),
      intake.files.execute(other.name, gzipped(other.text)),
      intake.records.execute('USG', 'BOSS', online),
    ]);
    const accepted = pushed.filter(({ outcome }) => outcome === 'ACCEPTED').length;
    expect(pushed.every(({ outcome }) => outcome === 'ACCEPTED' || outcome === 'DUPLICATE')).toBe(true);
    expect(first.counts.loaded + second.counts.loaded + accepted).toBe(3000);
    expect(await calls()).toBe(3000);
  });

  it('a connection killed in the middle stores nothing, and the file is right afterwards', async () => {
    const dying = Readable.from((async function* () {
      const half = file.text.length >> 1;
      yield Buffer.from(file.text.slice(0, half));
      await intake.db.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'`);
      yield Buffer.from(file.text.slice(half));
    })()); // prettier-ignore
    await expect(intake.files.execute(file.name, dying)).rejects.toThrow();
    expect(await intake.db.query('SELECT count(*) FROM usage.usage_record')).toEqual([{ count: 0 }]);
    expect(await intake.files.execute(file.name, plain(file.text))).toMatchObject({
      state: 'OK',
      counts: { loaded: 3000 },
    });
    expect(await calls()).toBe(3000);
  });

  it('a sender that goes away in the middle leaves nothing', async () => {
    const body = Readable.from((async function* () {
      yield Buffer.from(file.text.slice(0, 5000));
      await delay(20);
      throw new Error('gone');
    })()); // prettier-ignore
    await expect(intake.files.execute(file.name, body)).rejects.toThrow('gone');
    expect(
      await intake.db.query(
        'SELECT (SELECT count(*) FROM usage.usage_record) AS r, (SELECT count(*) FROM usage.intake_file) AS f',
      ),
    ).toEqual([{ r: 0, f: 0 }]);
  });
});
