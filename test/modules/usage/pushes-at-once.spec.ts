import { setTimeout as delay } from 'node:timers/promises';
import type { RecordOutcome } from '../../../src/modules/usage/application/push-records.js';
import { Lines } from '../../../src/modules/usage/domain/lines.js';
import { aUsage, gzipped, usageFile, usageText } from './support/boss-file.js';
import { startIntake, type TestIntake } from './support/intake.js';

const batch = (name: string, records = 50): Buffer[] =>
  Array.from({ length: records }, (_, n) =>
    Buffer.from(usageText(aUsage({ recordId: `${name}-${n}`, msisdn: `1380000000${n % 5}` }))),
  );
const count = (answers: readonly (readonly RecordOutcome[])[], outcome: string): number =>
  answers.flat().filter((each) => each.outcome === outcome).length;

describe('pushes at the same time', () => {
  let intake: TestIntake;
  beforeEach(async () => {
    intake = await startIntake();
    for (let n = 0; n < 5; n++) await intake.customer(`1380000000${n}`);
  });
  afterEach(() => intake.close());

  const push = (lines: Buffer[], options = {}) =>
    intake.records.lines('USG', 'BOSS', { lines: Lines.of(lines), faults: new Map() }, options);
  const stored = async (): Promise<unknown> =>
    (
      await intake.db.query(
        `SELECT (SELECT count(*) FROM usage.usage_record)::int AS records,
           (SELECT sum(calls) FROM usage.month_fact)::int AS calls,
           (SELECT count(DISTINCT file_id) FROM usage.usage_record)::int AS intakes`,
      )
    )[0];

  it('[promise 22] are stored in a few transactions, each with its own answers', async () => {
    await push(batch('A')); // Who asks first what was agreed with the source waits for the answer; from here on it is known.
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => push(batch(`B${n}`))));
    expect(answers.map((answer) => answer.length)).toEqual(Array(20).fill(50));
    expect(count(answers, 'ACCEPTED')).toBe(1000);
    expect(await stored()).toEqual({ records: 1050, calls: 1050, intakes: 1 + 3 });
  });

  it('[promise 1] the same batch from ten connections has one effect, and tells one of them so', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => push(batch('B'))));
    expect(count(answers, 'ACCEPTED')).toBe(50);
    expect(count(answers, 'DUPLICATE')).toBe(450);
    expect(await stored()).toMatchObject({ records: 50, calls: 50 });
  });

  it('[promise 3] a batch that is sent again because its answer was lost changes nothing', async () => {
    await push(batch('B'));
    expect(count([await push(batch('B'))], 'DUPLICATE')).toBe(50);
    expect(await stored()).toMatchObject({ records: 50, calls: 50 });
  });

  it('[USG-02] and files with the same records count each once, whoever comes first', async () => {
    const records = Array.from({ length: 400 }, (_, n) => aUsage({ recordId: `X-${n}`, msisdn: `1380000000${n % 5}` }));
    const files = [1, 2, 3].map((sequence) => usageFile(records, { sequence }));
    const pushes = Array.from({ length: 8 }, (_, n) =>
      push(records.slice(n * 50, n * 50 + 50).map((record) => Buffer.from(usageText(record)))),
    );
    const loaded = await Promise.all(files.map(({ name, text }) => intake.files.execute(name, gzipped(text))));
    const accepted = count(await Promise.all(pushes), 'ACCEPTED');
    expect(loaded.reduce((sum, { counts }) => sum + counts.loaded, accepted)).toBe(400);
    expect(await stored()).toMatchObject({ records: 400, calls: 400 });
  });

  it('[promise 22] wait for a lock a little, then are asked to come back, and nothing of them is kept', async () => {
    await push(batch('A', 5));
    const source = await intake.db.dataSource();
    const runner = source.createQueryRunner();
    await runner.startTransaction();
    await runner.query('SELECT 1 FROM usage.customer_month FOR UPDATE');
    const refused = push(batch('B'));
    await expect(refused).rejects.toMatchObject({
      code: 'intake.too-many-records',
      kind: 'too-many',
      facts: { retryAfterSeconds: 2 },
    });
    const patient = push(batch('C'));
    await delay(300);
    await runner.rollbackTransaction();
    await runner.release();
    expect(count([await patient], 'ACCEPTED')).toBe(50);
    expect(await stored()).toMatchObject({ records: 55 });
  }, 60_000);

  it('[promise 22] are held to the records per minute that were agreed, and told when to come back', async () => {
    await intake.sources.create({ source: 'BOSS', recordsPerMinute: 60 });
    intake.clock.time = new Date('2025-02-02T00:00:20Z');
    await push(batch('A'));
    await expect(push(batch('B'))).rejects.toMatchObject({ kind: 'too-many', facts: { retryAfterSeconds: 40 } });
    intake.clock.time = new Date('2025-02-02T00:01:00Z');
    expect(count([await push(batch('B'))], 'ACCEPTED')).toBe(50);
  });

  it('[promise 22] beyond what can be kept in mind are turned away at once', async () => {
    const answers = await Promise.allSettled(Array.from({ length: 150 }, (_, n) => push(batch(`B${n}`, 1000))));
    const refused = answers.filter((each) => each.status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    for (const { reason } of refused as PromiseRejectedResult[])
      expect(reason).toMatchObject({ code: 'intake.too-many-records' });
    const accepted = count(
      answers.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : [])),
      'ACCEPTED',
    );
    expect(await stored()).toMatchObject({ records: accepted, calls: accepted });
  }, 120_000);

  it('[promise 9] with numbers raise an alarm for one that is missing, not for one that was overtaken', async () => {
    const alarms = () => intake.db.query('SELECT detail FROM usage.intake_alarm WHERE cleared_at IS NULL');
    for (const batchSequence of [7, 9, 8, 11, 14]) await push(batch(`B${batchSequence}`, 1), { batchSequence });
    await intake.watch.execute();
    expect(await alarms()).toEqual([]);
    intake.clock.time = new Date(intake.clock.time.getTime() + 61_000);
    await intake.watch.execute();
    expect(await alarms()).toEqual([{ detail: { of: 'batches', from: 10, to: 13 } }]);
    for (const batchSequence of [10, 13, 12, 12]) await push(batch(`B${batchSequence}`, 1), { batchSequence });
    await intake.watch.execute();
    expect(await alarms()).toEqual([]);
  });
});
