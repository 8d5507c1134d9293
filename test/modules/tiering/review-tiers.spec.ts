import type { DataSource } from 'typeorm';
import { ReviewTiers } from '../../../src/modules/tiering/application/review-tiers.run.js';
import { newId } from '../../../src/platform/database/index.js';
import type { Tx } from '../../../src/platform/database/index.js';
import type { Counts, Run, Slice } from '../../../src/platform/queues/index.js';
import { carryOutRun } from '../../support/carry-out-run.js';
import { TestClock } from '../../support/clock.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { keepCustomers, keepMonths, yearOf, type AnyCustomer } from './facts.js';
import { toldDecisions } from './told-decisions.js';

class SmallReview extends ReviewTiers {
  override readonly sliceSize = 7;
  override readonly parallelSlices = 1;
}

/** Its worker dies in the middle of the third slice, as often as it is tried. */
class DyingReview extends SmallReview {
  private slices = 0;

  override async slice(tx: Tx, run: Run, slice: Slice): Promise<Counts> {
    this.slices += 1;
    const counts = await super.slice(tx, run, slice);
    if (this.slices >= 3) throw new Error('killed');
    return counts;
  }
}

describe('the review of levels', () => {
  const clock = new TestClock('2026-02-01T02:00:00+08:00');
  let db: TestDatabase;
  let source: DataSource;

  beforeEach(async () => {
    db = await createTestDatabase();
    source = await db.dataSource();
  });
  afterEach(() => db.drop());

  const review = (key: string, asOf = '2026-02-01', definition = new SmallReview(clock)) =>
    carryOutRun(source, definition, { key, asOf });
  const levels = () => db.query('SELECT customer_id, tier, valid_from FROM tiering.current_tier ORDER BY customer_id');
  const counted = async (table: string) => (await db.query<{ n: number }>(`SELECT count(*) AS n FROM ${table}`))[0]?.n;

  /** `count` customers who spend 0, 100, 200 … yuan more than the one before. */
  const crowd = (count: number): AnyCustomer[] =>
    Array.from({ length: count }, (_, i) => ({ customerId: newId(), months: yearOf(2025, i * 10_000) }));

  it('[TIER-02] gives diamond at a growth value of exactly 4,000, and platinum at 3,999', async () => {
    const [diamond, platinum] = [newId(), newId()];
    // Ten years and more are worth 300.
    await keepCustomers(db, [
      { customerId: diamond, months: yearOf(2025, 370_000) },
      { customerId: platinum, months: yearOf(2025, 369_999) },
    ]);
    const run = await review('2026-02-01');
    expect(run).toMatchObject({ status: 'completed', ruleVersion: '2026.1', counts: { entered: 2 } });
    expect(run.summary).toEqual({ levels: { DIAMOND: 1, PLATINUM: 1 } });
    expect(await levels()).toEqual([
      { customer_id: diamond, tier: 'DIAMOND', valid_from: '2026-02-01' },
      { customer_id: platinum, tier: 'PLATINUM', valid_from: '2026-02-01' },
    ]);
    const why = (await toldDecisions(db)).find(({ customerId }) => customerId === platinum);
    expect(why).toMatchObject({
      inputs: { SPEND: 3_699, TENURE_VALUE: 300, SUSPENSIONS: 0, TENURE: 128 },
      reasons: expect.arrayContaining([
        { kind: 'requirement', code: 'TENURE', holds: true },
        {
          kind: 'route', code: 'GROWTH_VALUE', actual: 3_999, tier: 'PLATINUM', threshold: 3_000,
          nextTier: 'DIAMOND', nextThreshold: 4_000, gap: 1,
        }, // prettier-ignore
      ]),
    });
  });

  it('[TIER-15] lets the higher of two routes win and names both', async () => {
    const customerId = newId();
    await keepCustomers(db, [
      { customerId, months: [...yearOf(2025, 100_000), { month: '2026-01-01', packageFeeFen: 23_800 }] },
    ]);
    await review('2026-02-01');
    expect(await levels()).toEqual([expect.objectContaining({ tier: 'PLATINUM' })]);
    const [{ reasons } = { reasons: [] }] = await toldDecisions(db);
    expect(reasons.flatMap((each) => (each.kind === 'route' ? [each.tier] : []))).toEqual(['SILVER', 'PLATINUM']);
  });

  it('writes only what changes, and announces each change once', async () => {
    await keepCustomers(db, crowd(30));
    await review('2026-02-01');
    const [assignments, decisions] = [await counted('tiering.tier_assignment'), await counted('tiering.tier_decision')];
    // 500 yuan and 300 for tenure make the first level above ordinary; who is ordinary leaves no row.
    expect([assignments, decisions, await counted('platform.outbox')]).toEqual([25, 25, 25]);

    await review('2026-02-02', '2026-02-02');
    expect([await counted('tiering.tier_assignment'), await counted('tiering.tier_decision')]).toEqual([25, 25]);
    expect(await counted('platform.outbox')).toBe(25);
    const [event] = await db.query(
      `SELECT name, customer_id, payload FROM platform.outbox ORDER BY customer_id LIMIT 1`,
    );
    const [decided] = await db.query(`SELECT * FROM tiering.tier_decision ORDER BY customer_id LIMIT 1`);
    expect(event).toEqual({
      name: 'tiering.TierChanged',
      customer_id: decided?.['customer_id'],
      payload: {
        customerId: decided?.['customer_id'], from: 'ORDINARY', to: 'HONOURED_GUEST',
        outcome: 'entered',
        decisionId: decided?.['decision_id'], effectiveOn: '2026-02-01',
      }, // prettier-ignore
    });
  });

  it('[TIER-10] is one review, however often it is started', async () => {
    await keepCustomers(db, crowd(20));
    const first = await review('2026-02-01');
    const before = await db.query('SELECT * FROM tiering.tier_decision ORDER BY customer_id');
    const again = await review('2026-02-01');
    expect(again).toMatchObject({ runId: first.runId, checksum: first.checksum });
    expect(await db.query('SELECT * FROM tiering.tier_decision ORDER BY customer_id')).toEqual(before);
  });

  it('[TIER-10] killed in the middle goes on where it was, to the same levels', async () => {
    const people = crowd(40);
    await keepCustomers(db, people);
    const killed = await review('2026-02-01', '2026-02-01', new DyingReview(clock));
    expect(killed).toMatchObject({ status: 'failed', progress: { slicesDone: 2, slicesTotal: 6 } });
    expect(await counted('tiering.tier_decision')).toBe(9);

    const resumed = await review('2026-02-01');
    expect(resumed).toMatchObject({ status: 'completed', runId: killed.runId, counts: { entered: 35 } });
    expect([await counted('tiering.tier_assignment'), await counted('platform.outbox')]).toEqual([35, 35]);

    const undisturbed = await createTestDatabase();
    try {
      await keepCustomers(undisturbed, people);
      const whole = await carryOutRun(await undisturbed.dataSource(), new SmallReview(clock), {
        key: '2026-02-01',
        asOf: '2026-02-01',
      });
      expect(whole.checksum).toBe(resumed.checksum);
    } finally {
      await undisturbed.drop();
    }
  });

  it('decides again when bills come late, up and down, and keeps what was decided before', async () => {
    const [climber, faller, steady] = [newId(), newId(), newId()];
    await keepCustomers(db, [
      { customerId: climber, months: yearOf(2025, 100_000) },
      { customerId: faller, months: yearOf(2025, 400_000) },
      { customerId: steady, months: yearOf(2025, 200_000) },
    ]);
    const first = await review('2026-02-01');
    await keepMonths(db, climber, [{ month: '2025-11-01', netSpendFen: 250_000 }]);
    await keepMonths(db, faller, yearOf(2025, 0));
    const second = await review('2026-02-01 late bills');
    expect(second.counts).toEqual({ upgraded: 1, downgraded: 1 });
    expect(second.checksum).not.toBe(first.checksum);
    const history = await db.query(
      `SELECT tier, end_reason FROM tiering.tier_assignment WHERE customer_id = $1 ORDER BY valid_until`,
      [climber],
    );
    expect(history).toEqual([
      { tier: 'SILVER', end_reason: 'changed' },
      { tier: 'PLATINUM', end_reason: null },
    ]);
    expect((await levels()).map(({ tier }) => tier)).toEqual(['PLATINUM', 'ORDINARY', 'GOLD']);
  });

  it('does not rate who has left, and ends the level on the day of closing', async () => {
    const [leaver, stranger] = [newId(), newId()];
    await keepCustomers(db, [{ customerId: leaver, months: yearOf(2025, 400_000) }]);
    await review('2026-02-01');
    await db.query(
      `UPDATE customers.customer SET archive = 'retained', status = 'terminated', closed_on = '2026-02-14' WHERE customer_id = $1`,
      [leaver],
    );
    await keepCustomers(db, [{ customerId: stranger, closedOn: '2026-01-05', months: yearOf(2025, 400_000) }]);
    expect((await review('2026-03-01', '2026-03-01')).counts).toEqual({ departed: 1 });
    expect(await levels()).toEqual([]);
    expect(await db.query('SELECT customer_id, valid_until, end_reason FROM tiering.tier_assignment')).toEqual([
      { customer_id: leaver, valid_until: '2026-02-14', end_reason: 'departed' },
    ]);
  });

  it('is not held for a day before the last one', async () => {
    await keepCustomers(db, crowd(10));
    await review('2026-02-01');
    expect(await review('2026-01-01', '2026-01-01')).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('review-before'),
    });
  });

  it('says so when no rule set is in effect', async () => {
    await keepCustomers(db, crowd(1));
    expect(await review('1999', '1999-01-01')).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('no-rule-set'),
    });
  });

  it('[TIER-10] comes by itself every month, for the first of the month, and waits for its bills', async () => {
    const due = new ReviewTiers(clock).schedule?.due(new Date('2026-03-06T02:30:00+08:00'));
    expect(due).toEqual({
      key: 'monthly 2026-03-01',
      asOf: '2026-03-01',
      parameters: { onlyWithBillsOf: '2026-02-01' },
    });

    const customerId = newId();
    await keepCustomers(db, [{ customerId, months: yearOf(2025, 400_000) }]);
    const start = () => carryOutRun(source, new SmallReview(clock), { ...due, key: 'monthly', asOf: '2026-03-01' });
    expect(await start()).toMatchObject({ status: 'failed', error: expect.stringContaining('month-not-loaded') });
    await keepMonths(db, customerId, [{ month: '2026-02-01', netSpendFen: 9_900 }]);
    expect(await start()).toMatchObject({ status: 'completed', counts: { entered: 1 } });
  });
});
