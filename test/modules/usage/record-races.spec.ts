import { setTimeout as delay } from 'node:timers/promises';
import { Readable } from 'node:stream';
import { aUsage, gzipped, usageFile, type UsageLine } from './support/boss-file.js';
import { startIntake, type TestIntake } from './support/intake.js';

const CUSTOMERS = 40;
const msisdnOf = (n: number): string => `1380000${String(n % CUSTOMERS).padStart(4, '0')}`;
/** More than one batch. */
const RECORDS = 60_000;

const originals = Array.from({ length: RECORDS }, (_, n) => aUsage({ recordId: `U-${n}`, msisdn: msisdnOf(n) }));
const pushed = (line: UsageLine): Record<string, unknown> => ({
  ...line, taxFen: 0, regionHome: '440000', tariffCode: 'T59', cycle: '202501',
}); // prettier-ignore
/** In an order of its own. */
const shuffled = <T>(items: readonly T[], seed: number): T[] => {
  const copy = [...items];
  let state = seed;
  for (let n = copy.length - 1; n > 0; n--) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const other = state % (n + 1);
    [copy[n], copy[other]] = [copy[other] as T, copy[n] as T];
  }
  return copy;
};

describe('[promise 24] records of the same customers from several sides at once', () => {
  let intake: TestIntake;
  beforeEach(async () => {
    intake = await startIntake();
    for (let n = 0; n < CUSTOMERS; n++) {
      const id = await intake.customer(msisdnOf(n));
      await intake.db.query(`INSERT INTO customers.account_directory VALUES ('CRM', $1, $2)`, [`A-${msisdnOf(n)}`, id]);
    }
  });
  afterEach(() => intake.close());

  const load = (lines: readonly UsageLine[], sequence: number, source = 'BOSS') => {
    const file = usageFile(lines, { sequence, source });
    return intake.files.execute(file.name, gzipped(file.text));
  };
  const total = async (): Promise<unknown> =>
    (
      await intake.db.query(
        `SELECT sum(calls)::bigint AS calls, sum(voice_mo_sec)::bigint AS seconds,
           (SELECT count(*) FROM usage.usage_record) AS records, (SELECT count(*) FROM usage.record_directory) AS known
         FROM usage.month_fact`,
      )
    )[0];

  it('files of many batches with the same records in other orders, and pushes among them: each counts once, nobody dies', async () => {
    const pushing = (async () => {
      const outcomes = [];
      for (let round = 0; round < 30; round++) {
        const lines = shuffled(originals, round + 7).slice(0, 400);
        outcomes.push(...(await intake.records.execute('USG', 'BOSS', lines.map(pushed))));
        await delay(5);
      }
      return outcomes;
    })();
    const [first, second, other, outcomes] = await Promise.all([
      load(shuffled(originals, 1), 1),
      load(shuffled(originals, 2), 2),
      load(shuffled(originals, 3), 1, 'CRM'),
      pushing,
    ]);
    const accepted = outcomes.filter(({ outcome }) => outcome === 'ACCEPTED').length;
    expect(outcomes.every(({ outcome }) => outcome === 'ACCEPTED' || outcome === 'DUPLICATE')).toBe(true);
    expect(first.counts.loaded + second.counts.loaded + accepted).toBe(RECORDS);
    expect(other.counts.loaded).toBe(RECORDS);
    expect(await total()).toEqual({
      calls: 2 * RECORDS,
      seconds: 2 * RECORDS * 61,
      records: 2 * RECORDS,
      known: 2 * RECORDS,
    });
  }, 120_000);

  it('a file holds the same records as a push that has not ended: it waits, and is never the one that is given up', async () => {
    const few = originals.slice(0, 200);
    const file = usageFile(few, { sequence: 1 });
    const half = file.text.indexOf('D|U-100|');
    const slow = Readable.from((async function* () {
      yield Buffer.from(file.text.slice(0, half));
      await delay(300);
      yield Buffer.from(file.text.slice(half));
    })()); // prettier-ignore
    const [answer, ...pushes] = await Promise.all([
      intake.files.execute(file.name, slow),
      ...[0, 1, 2, 3].map((n) => intake.records.execute('USG', 'BOSS', shuffled(few, n).map(pushed))),
    ]);
    const accepted = pushes.flat().filter(({ outcome }) => outcome === 'ACCEPTED').length;
    expect(answer.counts.loaded + accepted).toBe(200);
    expect(await total()).toEqual({ calls: 200, seconds: 200 * 61, records: 200, known: 200 });
  }, 60_000);

  it('corrections of one record from three sides at once end with its highest version', async () => {
    const few = originals.slice(0, 100);
    await load(few, 1);
    const version = (n: number): UsageLine[] =>
      few.map((line) => ({
        ...line, recordId: `${line.recordId}-${n}`, operation: 'CORRECT', refRecordId: line.recordId, version: n, durationSec: n,
      })); // prettier-ignore
    await Promise.all([
      load(version(2), 2),
      intake.records.execute('USG', 'BOSS', shuffled(version(4), 1).map(pushed)),
      intake.records.execute('USG', 'BOSS', shuffled(version(3), 2).map(pushed)),
    ]);
    expect(await total()).toEqual({ calls: 100, seconds: 400, records: 400, known: 400 });
    expect(await intake.db.query('SELECT DISTINCT version FROM usage.usage_record WHERE is_current')).toEqual([
      { version: 4 },
    ]);
  }, 60_000);
});
