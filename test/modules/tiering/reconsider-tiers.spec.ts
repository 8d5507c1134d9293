import type { DataSource } from 'typeorm';
import { LowerTiersForFraud } from '../../../src/modules/tiering/application/lower-tiers-for-fraud.run.js';
import { ReconsiderTiers } from '../../../src/modules/tiering/application/reconsider-tiers.run.js';
import { ReviewTiers } from '../../../src/modules/tiering/application/review-tiers.run.js';
import { newId } from '../../../src/platform/database/index.js';
import { carryOutRun } from '../../support/carry-out-run.js';
import { TestClock } from '../../support/clock.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { keepLateChange } from '../usage/support/late-change.js';
import { keepCustomers, keepMonths, yearOf } from './facts.js';
import { toldDecisions } from './told-decisions.js';

describe('levels after figures of closed months have changed', () => {
  const clock = new TestClock('2026-02-06T02:30:00+08:00');
  let db: TestDatabase;
  let source: DataSource;

  beforeEach(async () => {
    db = await createTestDatabase();
    source = await db.dataSource();
    clock.time = new Date('2026-02-06T02:30:00+08:00');
  });
  afterEach(() => db.drop());

  const review = (asOf: string, key = `monthly ${asOf}`) => carryOutRun(source, new ReviewTiers(clock), { key, asOf });
  const reconsider = (intakeId: string, asOf = '2026-02-20') =>
    carryOutRun(source, new ReconsiderTiers(clock), { key: intakeId, asOf });
  const level = async (customerId: string) =>
    (await db.query(`SELECT tier, valid_from FROM tiering.current_tier WHERE customer_id = $1`, [customerId]))[0];
  /** Assignments, decisions and announcements, byte for byte. */
  const published = async (): Promise<string[]> => {
    const rows = await db.query<{ line: string }>(
      `SELECT a::text AS line FROM tiering.tier_assignment a
       UNION ALL SELECT d::text FROM tiering.tier_decision d WHERE outcome <> 'kept'
       UNION ALL SELECT e::text FROM platform.outbox e ORDER BY 1`,
    );
    return rows.map(({ line }) => line);
  };
  /** Somebody whose spending of 2025 gave a level on 2026-02-01, and turns out to have been another. */
  const corrected = async (before: number, after: number): Promise<{ customerId: string; intakeId: string }> => {
    const customerId = newId();
    await keepCustomers(db, [{ customerId, months: yearOf(2025, before) }]);
    await review('2026-02-01');
    await keepMonths(db, customerId, yearOf(2025, after));
    return { customerId, intakeId: await keepLateChange(db, [{ customerId, month: '2025-12-01' }]) };
  };

  it('[promise 8] a level is kept until the year is over when late figures would lower it, and nothing published changes', async () => {
    const { customerId, intakeId } = await corrected(400_000, 100_000);
    const before = await published();
    expect(await reconsider(intakeId)).toMatchObject({ status: 'completed', counts: { kept: 1 } });
    expect(await published()).toEqual(before);
    expect(await level(customerId)).toEqual({ tier: 'DIAMOND', valid_from: '2026-02-01' });

    const [held, kept] = await db.query<{ decision_id: string; refers_to: string }>(
      'SELECT * FROM tiering.tier_decision ORDER BY decided_at, outcome',
    );
    expect(held).toMatchObject({ outcome: 'entered', to_tier: 'DIAMOND', cause: null });
    expect(kept).toMatchObject({
      outcome: 'kept', as_of: '2026-02-01', from_tier: 'DIAMOND', to_tier: 'DIAMOND', would_be: 'SILVER',
      kept_until: '2027-02-01', refers_to: held?.decision_id, cause: { intakeId },
    }); // prettier-ignore
    expect((await toldDecisions(db))[1]).toMatchObject({
      outcome: 'kept',
      inputs: { SPEND: 1_000, TENURE_VALUE: 300, SUSPENSIONS: 0, TENURE: 128 },
    });
  });

  it('[promise 8] reviews within the level year keep it, too; the next yearly review does not', async () => {
    const { customerId, intakeId } = await corrected(400_000, 100_000);
    await reconsider(intakeId);
    clock.time = new Date('2026-03-06T02:30:00+08:00');
    expect(await review('2026-03-01')).toMatchObject({ counts: { kept: 1 } });
    expect(await level(customerId)).toMatchObject({ tier: 'DIAMOND' });

    clock.time = new Date('2027-02-06T02:30:00+08:00');
    await keepMonths(db, customerId, yearOf(2026, 100_000));
    expect(await review('2027-02-01')).toMatchObject({ counts: { downgraded: 1 } });
    expect(await level(customerId)).toEqual({ tier: 'SILVER', valid_from: '2027-02-01' });
  });

  it('[promise 8] a review that comes before the reconsideration takes nothing away either', async () => {
    const { customerId, intakeId } = await corrected(400_000, 100_000);
    clock.time = new Date('2026-03-06T02:30:00+08:00');
    const before = await published();
    expect(await review('2026-03-01')).toMatchObject({ counts: { kept: 1 } });
    expect(await published()).toEqual(before);
    expect(await reconsider(intakeId, '2026-03-06')).toMatchObject({ counts: { kept: 1 } });
    expect(await level(customerId)).toMatchObject({ tier: 'DIAMOND' });
  });

  it('[TIER-10] late figures that change no level do not keep one whose package has ended', async () => {
    const customerId = newId();
    await keepCustomers(db, [
      { customerId, months: [...yearOf(2025, 100_000), { month: '2026-01-01', packageFeeFen: 38_800 }] },
    ]);
    await review('2026-02-01');
    await keepMonths(db, customerId, [{ month: '2025-12-01', netSpendFen: 9_000 }]);
    const intakeId = await keepLateChange(db, [{ customerId, month: '2025-12-01' }]);
    expect((await reconsider(intakeId)).counts).toEqual({});
    await keepMonths(db, customerId, [{ month: '2026-02-01', packageFeeFen: 3_800 }]);
    clock.time = new Date('2026-03-06T02:30:00+08:00');
    expect(await review('2026-03-01')).toMatchObject({ counts: { downgraded: 1 } });
    expect(await level(customerId)).toEqual({ tier: 'SILVER', valid_from: '2026-03-01' });
  });

  it('[promise 5] a higher level holds at once, from the day of the late figures, and refers to the decision before', async () => {
    const { customerId, intakeId } = await corrected(100_000, 400_000);
    const before = await published();
    clock.time = new Date('2026-02-20T09:00:00+08:00');
    const run = await reconsider(intakeId);
    expect(run).toMatchObject({ counts: { upgraded: 1 } });
    expect(await level(customerId)).toEqual({ tier: 'DIAMOND', valid_from: '2026-02-20' });
    const history = await db.query(
      'SELECT tier, valid_from, valid_until, end_reason FROM tiering.tier_assignment ORDER BY valid_from',
    );
    expect(history).toEqual([
      { tier: 'SILVER', valid_from: '2026-02-01', valid_until: '2026-02-20', end_reason: 'changed' },
      { tier: 'DIAMOND', valid_from: '2026-02-20', valid_until: '9999-12-31', end_reason: null },
    ]);
    // The level before has ended; everything else that was said is as it was.
    expect((await published()).filter((line) => before.includes(line))).toHaveLength(before.length - 1);
    const [again] = await db.query(
      `SELECT as_of, outcome, cause, refers_to FROM tiering.tier_decision WHERE run_id = $1`,
      [run.runId],
    );
    const [first] = await db.query<{ decision_id: string }>(
      `SELECT decision_id FROM tiering.tier_decision WHERE outcome = 'entered'`,
    );
    expect(again).toEqual({
      as_of: '2026-02-01', outcome: 'upgraded', cause: { intakeId }, refers_to: first?.decision_id,
    }); // prettier-ignore
    expect(await db.query(`SELECT payload FROM platform.outbox ORDER BY recorded_at DESC LIMIT 1`)).toEqual([
      { payload: expect.objectContaining({ from: 'SILVER', to: 'DIAMOND', effectiveOn: '2026-02-20' }) },
    ]);
  });

  it('[TIER-10] a level that began after the first of the month does not stand in the way of its review', async () => {
    const { customerId, intakeId } = await corrected(100_000, 400_000);
    clock.time = new Date('2026-03-03T09:00:00+08:00');
    await reconsider(intakeId, '2026-03-03');
    clock.time = new Date('2026-03-06T02:30:00+08:00');
    await keepMonths(db, customerId, yearOf(2025, 50_000));
    expect(await review('2026-03-01')).toMatchObject({ status: 'completed', counts: { downgraded: 1 } });
    expect(await level(customerId)).toEqual({ tier: 'HONOURED_GUEST', valid_from: '2026-03-03' });
  });

  it('[promise 8] a level that was kept is held by right again when later figures restore it, and is safe no longer', async () => {
    const { customerId, intakeId } = await corrected(400_000, 100_000);
    await reconsider(intakeId);
    clock.time = new Date('2026-02-21T09:00:00+08:00');
    await keepMonths(db, customerId, yearOf(2025, 400_000));
    const again = await keepLateChange(db, [{ customerId, month: '2025-12-01' }]);
    expect(await reconsider(again, '2026-02-21')).toMatchObject({ counts: { restored: 1 } });
    expect(await reconsider(`${again}.2`, '2026-02-21')).toMatchObject({ counts: {} });
    expect(await level(customerId)).toEqual({ tier: 'DIAMOND', valid_from: '2026-02-01' });
    // Not late: the facts of an open month, for instance.
    await keepMonths(db, customerId, yearOf(2025, 100_000));
    clock.time = new Date('2026-03-06T02:30:00+08:00');
    expect(await review('2026-03-01')).toMatchObject({ counts: { downgraded: 1 } });
  });

  it('[promise 8] a fraud case takes the level at once, of its customers alone', async () => {
    const [fraudster, honest] = [newId(), newId()];
    await keepCustomers(
      db,
      [fraudster, honest].map((customerId) => ({ customerId, months: yearOf(2025, 400_000) })),
    );
    await review('2026-02-01');
    for (const customerId of [fraudster, honest]) await keepMonths(db, customerId, yearOf(2025, 0));
    await reconsider(
      await keepLateChange(
        db,
        [fraudster, honest].map((customerId) => ({ customerId, month: '2025-12-01' })),
      ),
    );
    const lower = new LowerTiersForFraud(clock);
    const parameters = { customerIds: [fraudster] };
    const run = await carryOutRun(source, lower, { key: 'CASE-2026-17', asOf: '2026-02-25', parameters });
    expect(run).toMatchObject({ status: 'completed', counts: { downgraded: 1 } });
    expect(await level(fraudster)).toEqual({ tier: 'ORDINARY', valid_from: '2026-02-25' });
    expect(await level(honest)).toEqual({ tier: 'DIAMOND', valid_from: '2026-02-01' });
    expect(await db.query(`SELECT cause FROM tiering.tier_decision WHERE run_id = $1`, [run.runId])).toEqual([
      { cause: { fraudCase: 'CASE-2026-17' } },
    ]);
    expect(() => lower.parametersFrom()).toThrow(expect.objectContaining({ code: 'run.parameters-refused' }));
  });

  it('[promise 5] is decided once for each intake, however often it is told', async () => {
    const { intakeId } = await corrected(400_000, 100_000);
    const first = await reconsider(intakeId);
    expect((await reconsider(intakeId)).runId).toBe(first.runId);
    await reconsider(`${intakeId}.2`);
    expect(await db.query(`SELECT FROM tiering.tier_decision WHERE outcome = 'kept'`)).toHaveLength(1);
  });

  it('[promise 5] races with the review of the month, and ends in one level', async () => {
    const crowd = Array.from({ length: 40 }, (_, i) => ({ customerId: newId(), spend: i % 2 ? 400_000 : 100_000 }));
    await keepCustomers(
      db,
      crowd.map(({ customerId, spend }) => ({ customerId, months: yearOf(2025, spend) })),
    );
    await review('2026-02-01');
    for (const { customerId, spend } of crowd) await keepMonths(db, customerId, yearOf(2025, 500_000 - spend));
    const intakeId = await keepLateChange(
      db,
      crowd.map(({ customerId }) => ({ customerId, month: '2025-12-01' })),
    );
    const runs = await Promise.all([
      reconsider(intakeId, '2026-03-06'),
      reconsider(`${intakeId}.2`, '2026-03-06'),
      review('2026-03-01'),
      review('2026-03-01', 'once more'),
    ]);
    expect(runs.map(({ status }) => status)).toEqual(Array(4).fill('completed'));
    // Whoever rose has risen, whoever would fall is where he was.
    expect(await db.query('SELECT tier, count(*) AS n FROM tiering.current_tier GROUP BY tier')).toEqual([
      { tier: 'DIAMOND', n: 40 },
    ]);
    const decided = await db.query(
      'SELECT outcome, count(*) AS n FROM tiering.tier_decision GROUP BY outcome ORDER BY outcome',
    );
    expect(decided).toEqual([
      { outcome: 'entered', n: 40 },
      { outcome: 'kept', n: expect.any(Number) },
      { outcome: 'upgraded', n: 20 },
    ]);
  });

  it('before the first review there is nothing to decide anew', async () => {
    const customerId = newId();
    await keepCustomers(db, [{ customerId, months: yearOf(2025, 400_000) }]);
    const intakeId = await keepLateChange(db, [{ customerId, month: '2025-12-01' }]);
    expect(await reconsider(intakeId)).toMatchObject({ status: 'completed', counts: {} });
    expect(await level(customerId)).toBeUndefined();
  });
});
