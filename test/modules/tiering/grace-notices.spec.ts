import type { DataSource } from 'typeorm';
import fc from 'fast-check';
import { GiveGraceNotices } from '../../../src/modules/tiering/application/give-grace-notices.run.js';
import { ReviewTiers } from '../../../src/modules/tiering/application/review-tiers.run.js';
import { graceNotices } from '../../../src/modules/tiering/domain/events.js';
import { noticeDue, noticePlaceSql } from '../../../src/modules/tiering/domain/grace-notices.js';
import { freeMovement } from '../../../src/modules/tiering/domain/rule-set.js';
import { giveNotices } from '../../../src/modules/tiering/persistence/tier-graces.js';
import { newId, Transaction } from '../../../src/platform/database/index.js';
import type { Run } from '../../../src/platform/queues/index.js';
import { carryOutRun } from '../../support/carry-out-run.js';
import { TestClock } from '../../support/clock.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { keepCustomers, keepMonths, keepTier, yearOf } from './facts.js';

const EVERYBODY = { from: '00000000-0000-0000-0000-000000000000', to: 'ffffffff-ffff-ffff-ffff-ffffffffffff' };

describe('[TIER-11] telling those whose level will be lowered', () => {
  const clock = new TestClock('2026-03-01T09:00:00+08:00');
  let db: TestDatabase;
  let source: DataSource;

  beforeEach(async () => {
    db = await createTestDatabase();
    source = await db.dataSource();
  });
  afterEach(() => db.drop());

  /** In grace from GOLD to SILVER since February, until the end of April. */
  const anybodyInGrace = async (): Promise<{ customerId: string; decisionId: string }> => {
    const [customerId, decisionId] = [newId(), newId()];
    await keepCustomers(db, [{ customerId }]);
    await keepTier(db, customerId, 'GOLD');
    await db.query(
      `INSERT INTO tiering.tier_grace (customer_id, program, decision_id, would_be, begun_on, ends_on)
       VALUES ($1, 'GOTONE', $2, 'SILVER', '2026-02-01', '2026-05-01')`,
      [customerId, decisionId],
    );
    return { customerId, decisionId };
  };
  const run = (asOf: string, key = asOf): Promise<Run> =>
    carryOutRun(source, new GiveGraceNotices(clock), { key, asOf });
  const told = () =>
    db.query<{ customer_id: string; payload: { notice: string } }>(
      `SELECT customer_id, payload FROM platform.outbox WHERE name = 'tiering.TierWillDowngrade' ORDER BY position`,
    );
  const notices = async () => (await told()).map(({ payload }) => payload.notice);

  it('tells them in the middle and ten days before the end, once each, from which level to which and when', async () => {
    const { customerId, decisionId } = await anybodyInGrace();
    for (const day of ['2026-02-01', '2026-02-02', '2026-03-16']) await run(day);
    expect(await told()).toEqual([]);
    expect(await run('2026-03-17')).toMatchObject({ status: 'completed', counts: { middle: 1 } });
    expect(await told()).toEqual([
      {
        customer_id: customerId,
        payload: {
          customerId,
          program: 'GOTONE',
          from: 'GOLD',
          to: 'SILVER',
          effectiveOn: '2026-05-01',
          notice: 'middle',
          decisionId,
        },
      },
    ]);
    for (const day of ['2026-03-18', '2026-04-20', '2026-04-21', '2026-04-22', '2026-05-01']) await run(day);
    expect(await notices()).toEqual(['middle', 'end']);
  });

  it('does not tell twice what two runs find due at the same moment', async () => {
    await anybodyInGrace();
    const transaction = new Transaction(source);
    const give = { slice: EVERYBODY, asOf: '2026-03-17', at: clock.now() };
    let second: Promise<unknown> | undefined;
    const first = await transaction.run(async (tx) => {
      const counts = await giveNotices(tx, give);
      second = transaction.run((other) => giveNotices(other, give));
      // It has come as far as the row that we hold.
      for (let waiting = 0; waiting === 0;) {
        const [row] = await db.query<{ n: number }>(
          `SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        waiting = row?.n ?? 0;
      }
      return counts;
    });
    expect([first, await second]).toEqual([{ middle: 1 }, {}]);
    expect(await notices()).toEqual(['middle']);
  });

  it('does not tell twice when several runs race for hundreds', async () => {
    const people = await Promise.all(Array.from({ length: 200 }, () => anybodyInGrace()));
    const runs = await Promise.all(['a', 'b', 'c'].map((key) => run('2026-04-25', key)));
    expect(runs.map(({ status }) => status)).toEqual(['completed', 'completed', 'completed']);
    const rows = await told();
    expect(rows).toHaveLength(200);
    expect(new Set(rows.map((row) => row.customer_id))).toEqual(new Set(people.map(({ customerId }) => customerId)));
    expect(new Set(rows.map(({ payload }) => payload.notice))).toEqual(new Set(['end']));
  });

  it('after the review has told them first, until the level is lowered or earned again', async () => {
    await db.query(`UPDATE tiering.rule_set SET body = body || jsonb_build_object('movement', $1::jsonb)`, [
      JSON.stringify({ ...freeMovement, graceMonths: 3 }),
    ]);
    const [lowered, recovered] = [newId(), newId()];
    await keepCustomers(db, [
      { customerId: lowered, months: yearOf(2025, 10_000) },
      { customerId: recovered, months: yearOf(2025, 10_000) },
    ]);
    for (const customerId of [lowered, recovered]) await keepTier(db, customerId, 'GOLD');
    const review = (asOf: string) => carryOutRun(source, new ReviewTiers(clock), { key: asOf, asOf });
    expect(await review('2026-02-01')).toMatchObject({ counts: { warned: 2 } });
    await run('2026-03-17');
    await keepMonths(db, recovered, yearOf(2025, 200_000));
    expect(await review('2026-04-01')).toMatchObject({ counts: { recovered: 1 } });
    await run('2026-04-21');
    expect(await review('2026-05-01')).toMatchObject({ counts: { downgraded: 1 } });
    await run('2026-05-02');
    const noticesOf = async (customerId: string) =>
      (await told()).flatMap((row) => (row.customer_id === customerId ? [row.payload.notice] : []));
    expect(await noticesOf(lowered)).toEqual(['start', 'middle', 'end']);
    expect(await noticesOf(recovered)).toEqual(['start', 'middle']);
  });

  it('tells nobody who has left or whose grace is over', async () => {
    const [gone, recovered] = [await anybodyInGrace(), await anybodyInGrace()];
    await db.query(
      `UPDATE tiering.tier_assignment SET valid_until = '2026-03-01', end_reason = 'departed' WHERE customer_id = $1`,
      [gone.customerId],
    );
    await db.query('DELETE FROM tiering.tier_grace WHERE customer_id = $1', [recovered.customerId]);
    await run('2026-03-17');
    expect(await told()).toEqual([]);
  });

  it('comes by itself every morning', () => {
    const due = new GiveGraceNotices(clock).schedule.due(new Date('2026-03-17T09:00:00+08:00'));
    expect(due).toEqual({ key: '2026-03-17', asOf: '2026-03-17', parameters: {} });
  });

  it('decides for everybody as for one', async () => {
    const anyDays = fc.array(
      fc.record({
        begunOn: fc.integer({ min: 0, max: 800 }),
        length: fc.integer({ min: 1, max: 400 }),
        notices: fc.integer({ min: 1, max: 3 }),
        after: fc.integer({ min: -3, max: 405 }),
      }),
      { minLength: 3_000, maxLength: 3_000 },
    );
    const day = (offset: number): string => new Date(Date.UTC(2024, 0, 1 + offset)).toISOString().slice(0, 10);
    const seed = Date.now();
    const cases = (fc.sample(anyDays, { numRuns: 1, seed })[0] ?? []).map(({ begunOn, length, notices, after }) => ({
      begunOn: day(begunOn), endsOn: day(begunOn + length), notices, today: day(begunOn + after),
    })); // prettier-ignore
    const rows = await db.query<{ notice: string | null }>(
      `SELECT CASE WHEN place > notices THEN ($2::text[])[place] END AS notice
       FROM (SELECT g.notices, nth, ${noticePlaceSql('g', 'g.today')} AS place FROM (
         SELECT "begunOn" AS begun_on, "endsOn" AS ends_on, notices, today, nth
         FROM ROWS FROM (jsonb_to_recordset($1::jsonb) AS ("begunOn" date, "endsOn" date, notices int, today date))
           WITH ORDINALITY AS c ("begunOn", "endsOn", notices, today, nth)) g) placed ORDER BY nth`,
      [JSON.stringify(cases), graceNotices],
    );
    const inTypeScript = cases.map((each) => noticeDue(each, each.today) ?? null);
    expect({ seed, notices: rows.map(({ notice }) => notice) }).toEqual({ seed, notices: inTypeScript });
    expect(new Set(inTypeScript)).toEqual(new Set([null, 'middle', 'end']));
  });
});
