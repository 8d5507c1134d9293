import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { IntakeLane } from '../../../src/modules/usage/domain/intake.js';
import type { FileAnswer } from '../../../src/modules/usage/index.js';
import { aUsage, fileText, gzipped, usageFile, type UsageLine } from './support/boss-file.js';
import { startIntake, type TestIntake } from './support/intake.js';

interface Alarm {
  readonly kind: string;
  readonly businessDate: string | null;
  readonly detail: object;
}

describe('the files of a source', () => {
  let intake: TestIntake;
  beforeEach(async () => {
    intake = await startIntake();
    await intake.customer('13800000001');
  });
  afterEach(() => intake.close());

  const load = (sequence: number, given: Partial<UsageLine> = {}, lane?: IntakeLane): Promise<FileAnswer> => {
    const file = usageFile([aUsage({ recordId: `U-${sequence}`, ...given })], { sequence });
    return intake.files.execute(file.name, gzipped(file.text), lane);
  };
  const empty = (sequence: number, date: string): Promise<FileAnswer> => {
    const file = fileText({ sequence, date, lines: [] });
    return intake.files.execute(file.name, gzipped(file.text));
  };
  const standing = (): Promise<Alarm[]> =>
    intake.db.query<Alarm & Record<string, unknown>>(
      `SELECT kind, business_date AS "businessDate", detail FROM usage.intake_alarm WHERE cleared_at IS NULL ORDER BY key`,
    );
  const closed = async (): Promise<readonly number[]> => {
    const rows = await intake.db.query<{ sequence: number }>(
      `SELECT (payload->>'sequence')::int AS sequence FROM platform.outbox WHERE name = 'usage.FileClosed' ORDER BY position`,
    );
    return rows.map(({ sequence }) => sequence);
  };
  const records = async (): Promise<unknown> =>
    (await intake.db.query('SELECT count(*)::int AS n FROM usage.usage_record'))[0];

  it('[promise 9] [USG-02] after a gap are loaded and count, raise an alarm, and are closed in order when it is filled', async () => {
    await load(1);
    await load(4);
    await load(3);
    expect(await records()).toEqual({ n: 3 });
    expect(await closed()).toEqual([1]);
    expect(await standing()).toEqual([
      { kind: 'SEQUENCE_GAP', businessDate: null, detail: { of: 'files', from: 2, to: 2 } },
    ]);
    expect((await intake.answers.byId((await load(4)).fileId, {})).closedAt).toBeUndefined();
    await load(2);
    expect(await closed()).toEqual([1, 2, 3, 4]);
    expect(await standing()).toEqual([]);
  });

  it('[promise 9] are closed once, in order, when the missing ones come at the same time', async () => {
    await load(6);
    await load(3);
    await Promise.all([load(4), load(1), load(5), load(2)]);
    expect(await closed()).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await standing()).toEqual([]);
  });

  it('[promise 9] under a sequence that was loaded are the same file again, or BAD', async () => {
    const first = await load(1);
    expect(await load(1)).toMatchObject({ isRepeat: true, fileId: first.fileId });
    expect(await load(1, { feeFen: 21 })).toMatchObject({ state: 'BAD', problem: { code: 'E_SEQ' } });
    expect(await closed()).toEqual([1]);
  });

  it('[promise 10] that are BAD leave nothing and do not use up their sequence', async () => {
    const bad = usageFile([aUsage()], { totals: { fee: 19 } });
    expect(await intake.files.execute(bad.name, gzipped(bad.text))).toMatchObject({ state: 'BAD' });
    expect(await records()).toEqual({ n: 0 });
    expect(await closed()).toEqual([]);
    expect(await load(1)).toMatchObject({ state: 'OK' });
    expect(await closed()).toEqual([1]);
  });

  it('[USG-02] the same one pushed eight times at once has one effect', async () => {
    const all = await Promise.allSettled(Array.from({ length: 8 }, () => load(1)));
    const answers = all.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    const refusals = all.flatMap((each) => (each.status === 'rejected' ? [each.reason as { code: string }] : []));
    expect(answers.filter(({ isRepeat }) => !isRepeat)).toHaveLength(1);
    expect(new Set(refusals.map(({ code }) => code)).size).toBeLessThanOrEqual(1);
    for (const { code } of refusals) expect(code).toBe('intake.busy');
    expect(await records()).toEqual({ n: 1 });
    expect(await closed()).toEqual([1]);
  });

  it('[USG-01] register it by themselves, with how far each feed has come', async () => {
    await load(1);
    await load(3);
    const [feed] = await intake.db.query(
      'SELECT source, kind, last_sequence, closed_sequence, last_business_date FROM usage.source_feed',
    );
    expect(feed).toEqual({
      source: 'BOSS',
      kind: 'USG',
      last_sequence: 3,
      closed_sequence: 1,
      last_business_date: '2025-02-01',
    });
  });

  it('that will never come are given up by whoever looks after the source, and only forwards', async () => {
    await load(1);
    await load(4);
    await intake.sources.change('BOSS', { feed: [{ kind: 'USG', closedSequence: 3 }] });
    expect(await closed()).toEqual([1, 4]);
    expect(await standing()).toEqual([]);
    await expect(intake.sources.change('BOSS', { feed: [{ kind: 'USG', closedSequence: 1 }] })).rejects.toMatchObject({
      code: 'intake.sequence-goes-back',
      kind: 'conflict',
    });
  });

  describe('that are expected daily', () => {
    beforeEach(async () => {
      intake.clock.time = new Date('2025-02-01T00:00:00+08:00');
      await intake.sources.create({
        source: 'BOSS',
        feed: [{ kind: 'USG', expectedDaily: true, deadline: '06:00', deadlineDays: 0 }],
      });
    });

    it('[promise 12] raise an alarm when they are absent at the deadline, until they come', async () => {
      intake.clock.time = new Date('2025-02-01T05:59:59.999+08:00');
      await intake.watch.execute();
      expect(await standing()).toEqual([]);
      intake.clock.time = new Date('2025-02-02T06:00:00+08:00');
      await intake.watch.execute();
      await intake.watch.execute();
      expect((await standing()).map(({ kind, businessDate }) => [kind, businessDate])).toEqual([
        ['DEADLINE_MISSED', '2025-02-01'],
        ['DEADLINE_MISSED', '2025-02-02'],
      ]);
      await load(1);
      expect((await standing()).map(({ businessDate }) => businessDate)).toEqual(['2025-02-02']);
    });

    it('[promise 12] may be empty: a day without records is a file without records', async () => {
      expect(await empty(1, '20250201')).toMatchObject({ state: 'OK', counts: { received: 0 } });
      intake.clock.time = new Date('2025-02-01T12:00:00+08:00');
      await intake.watch.execute();
      expect(await standing()).toEqual([]);
    });

    it('[promise 12] are not there because a BAD one is', async () => {
      const bad = usageFile([aUsage()], { totals: { fee: 19 } });
      await intake.files.execute(bad.name, gzipped(bad.text));
      intake.clock.time = new Date('2025-02-01T12:00:00+08:00');
      await intake.watch.execute();
      expect(await standing()).toMatchObject([{ kind: 'DEADLINE_MISSED' }]);
    });

    it('are expected no more when that is agreed, and never without a deadline', async () => {
      intake.clock.time = new Date('2025-02-02T12:00:00+08:00');
      await intake.watch.execute();
      await intake.sources.change('BOSS', { feed: [{ kind: 'USG', expectedDaily: false, deadline: null }] });
      expect(await standing()).toEqual([]);
      await expect(
        intake.sources.change('BOSS', { feed: [{ kind: 'USG', expectedDaily: true }] }),
      ).rejects.toMatchObject({
        code: 'intake.deadline-missing',
      });
    });
  });

  describe('of history', () => {
    it('[promise 19] are judged as of the day they were made, and announced so that no customer is told', async () => {
      intake.clock.time = new Date('2026-11-01T00:00:00Z');
      expect(await load(1, {}, 'backfill')).toMatchObject({ state: 'OK', lane: 'backfill', counts: { loaded: 1 } });
      const events = await intake.db.query(
        `SELECT payload->>'lane' AS lane FROM platform.outbox WHERE name = 'usage.RecordsLoaded'`,
      );
      expect(events).toEqual([{ lane: 'backfill' }]);
    });

    it('[promise 19] are loaded one at a time, and leave places for what is new', async () => {
      const slow = (sequence: number): Promise<FileAnswer> => {
        const file = usageFile([aUsage({ recordId: `U-${sequence}` })], { sequence });
        const body = Readable.from((async function* () {
          await delay(200);
          yield Buffer.from(file.text);
        })()); // prettier-ignore
        return intake.files.execute(file.name, body, 'backfill');
      };
      const first = slow(1);
      await expect(slow(2)).rejects.toMatchObject({ code: 'intake.busy' });
      await expect(load(3)).resolves.toMatchObject({ state: 'OK' });
      await first;
    });

    it('[promise 19] pushed online are judged as of the day that is said', async () => {
      intake.clock.time = new Date('2026-11-01T00:00:00Z');
      const record = { ...aUsage(), forwarded: '0', operation: 'NEW' };
      const asOf = Date.parse('2025-02-01T00:00:00Z');
      expect(await intake.records.execute('USG', 'BOSS', [record], undefined, { lane: 'backfill', asOf })).toEqual([
        { outcome: 'ACCEPTED' },
      ]);
      expect(await intake.db.query('SELECT count(*)::int AS n FROM usage.backfill_intake')).toEqual([{ n: 1 }]);
    });

    it('[promise 19] stay history while they wait for their customer', async () => {
      const msisdn = '13800000077';
      const file = usageFile([aUsage({ recordId: 'W', msisdn })]);
      const loaded = await intake.files.execute(file.name, gzipped(file.text), 'backfill');
      expect(loaded.counts).toMatchObject({ held: 1 });
      await intake.customer(msisdn);
      expect(await intake.held.execute()).toBe(1);
      const events = await intake.db.query(
        `SELECT payload->>'lane' AS lane FROM platform.outbox WHERE name = 'usage.RecordsLoaded' AND payload->>'kind' = 'USG'`,
      );
      expect(events).toEqual([{ lane: 'backfill' }]);
      expect(await intake.db.query('SELECT count(*)::int AS n FROM usage.backfill_intake')).toEqual([{ n: 2 }]);
    });
  });

  it('[promise 22] are taken from one source as many at once as is agreed with it', async () => {
    await intake.sources.create({ source: 'BOSS', filesAtOnce: 1 });
    const file = usageFile([aUsage()]);
    const body = Readable.from((async function* () {
      await delay(200);
      yield Buffer.from(file.text);
    })()); // prettier-ignore
    const first = intake.files.execute(file.name, body);
    await expect(load(2)).rejects.toMatchObject({ code: 'intake.busy', facts: { retryAfterSeconds: 5 } });
    await first;
  });
});
