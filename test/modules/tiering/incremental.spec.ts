import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { ReconsiderChangedCustomers } from '../../../src/modules/tiering/application/reconsider-changed-customers.run.js';
import { reconsiderIntake } from '../../../src/modules/tiering/application/reconsider-intake.js';
import { ReviewTiers } from '../../../src/modules/tiering/application/review-tiers.run.js';
import { Database, newId, Transaction } from '../../../src/platform/database/index.js';
import { type Jobs, Runs, type Run } from '../../../src/platform/queues/index.js';
import { ExecuteRunJob } from '../../../src/platform/queues/runs/execute-run.job.js';
import type { RunRegistry } from '../../../src/platform/queues/runs/run-registry.js';
import { carryOutRun } from '../../support/carry-out-run.js';
import { TestClock } from '../../support/clock.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { keepLateChange } from '../usage/support/late-change.js';
import { keepCustomers, keepMonths, yearOf } from './facts.js';

describe('levels of whoever has changed between reviews', () => {
  const clock = new TestClock('2026-02-06T02:30:00+08:00');
  let db: TestDatabase;
  let source: DataSource;
  let transaction: Transaction;
  let runs: Runs;
  let registry: RunRegistry;

  beforeEach(async () => {
    db = await createTestDatabase();
    source = await db.dataSource();
    clock.time = new Date('2026-02-06T02:30:00+08:00');
    transaction = new Transaction(source);
    const incremental = new ReconsiderChangedCustomers(clock);
    registry = { of: () => incremental } as unknown as RunRegistry;
    runs = new Runs(new Database(source), transaction, { add: () => Promise.resolve() } as unknown as Jobs, registry);
  });
  afterEach(() => db.drop());

  const review = (asOf: string) => carryOutRun(source, new ReviewTiers(clock), { key: `monthly ${asOf}`, asOf });
  const tell = (intakeId: string, day = '2026-02-20') =>
    transaction.run((tx) =>
      reconsiderIntake(tx, runs, {
        payload: { intakeId, months: ['2025-12-01'] },
        occurredAt: new Date(`${day}T09:00:00+08:00`),
      }),
    );
  const started = () =>
    db.query<{ run_id: string }>(
      `SELECT run_id FROM platform.run WHERE kind = 'tiering.incremental' ORDER BY created_at`,
    );
  const carryOut = (runId: string) =>
    new ExecuteRunJob(new Database(source), transaction, registry).process(
      { runId },
      { stopping: new AbortController().signal },
    );
  /** Carries out all that were started and have not ended. */
  const carryOutAll = async (): Promise<readonly Run[]> => {
    const found = await started();
    for (const { run_id: runId } of found) await carryOut(runId);
    return Promise.all(found.map(({ run_id: runId }) => runs.get(runId)));
  };
  const nightly = (asOf = '2026-02-20') =>
    carryOutRun(source, new ReconsiderChangedCustomers(clock), { key: newId(), asOf });
  const levels = async (): Promise<Record<string, number>> => {
    const rows = await db.query<{ tier: string; n: number }>(
      'SELECT tier, count(*) AS n FROM tiering.current_tier GROUP BY tier ORDER BY tier',
    );
    return Object.fromEntries(rows.map(({ tier, n }) => [tier, n]));
  };
  const reconsidered = async () =>
    (await db.query<{ intake_id: string }>('SELECT DISTINCT intake_id FROM tiering.reconsidered_intake')).map(
      (row) => row.intake_id,
    );
  const crowd = async (size: number, spend: number): Promise<string[]> => {
    const ids = Array.from({ length: size }, () => newId());
    await keepCustomers(
      db,
      ids.map((customerId) => ({ customerId, months: yearOf(2025, spend) })),
    );
    await review('2026-02-01');
    return ids;
  };
  /** An intake of a late bill for each. */
  const lateBills = async (ids: readonly string[], spend: number): Promise<string[]> => {
    const intakes: string[] = [];
    for (const customerId of ids) {
      await keepMonths(db, customerId, yearOf(2025, spend));
      intakes.push(await keepLateChange(db, [{ customerId, month: '2025-12-01' }]));
    }
    return intakes;
  };

  it('[TIER-10] many small intakes that are told before the run begins are one run', async () => {
    const intakes = await lateBills(await crowd(30, 100_000), 400_000);
    await Promise.all(intakes.map((intakeId) => tell(intakeId)));
    const [run, ...others] = await carryOutAll();
    expect(others).toEqual([]);
    expect(run).toMatchObject({ status: 'completed', asOf: '2026-02-20', counts: { upgraded: 30 } });
    expect(await levels()).toEqual({ DIAMOND: 30 });
    expect((await reconsidered()).sort()).toEqual([...intakes].sort());
    expect(
      await db.query('SELECT FROM tiering.changed_intake UNION ALL SELECT FROM tiering.incremental_customer'),
    ).toEqual([]);
    const causes = await db.query<{ intake: string }>(
      `SELECT cause ->> 'intakeId' AS intake FROM tiering.tier_decision WHERE run_id = $1`,
      [run?.runId],
    );
    expect(causes.map(({ intake }) => intake).sort()).toEqual([...intakes].sort());
  });

  it('[TIER-10] no intake is missed that is told while a run goes on, and each is reconsidered once', async () => {
    const ids = await crowd(24, 100_000);
    const intakes = await lateBills(ids, 400_000);
    let running = true;
    const worker = (async () => {
      while (running) await carryOutAll();
      await carryOutAll();
    })();
    for (const intakeId of intakes) await Promise.all([tell(intakeId), tell(intakeId)]);
    running = false;
    await worker;
    expect(await levels()).toEqual({ DIAMOND: 24 });
    expect((await reconsidered()).sort()).toEqual([...intakes].sort());
    const changes = await db.query<{ n: number }>(
      `SELECT count(*) AS n FROM platform.outbox WHERE payload ->> 'outcome' = 'upgraded' GROUP BY customer_id`,
    );
    expect(changes.map(({ n }) => n)).toEqual(Array(24).fill(1));
    // Told once more, afterwards: nothing is started.
    const before = (await started()).length;
    await tell(intakes[0] ?? '');
    expect(await started()).toHaveLength(before);
  });

  it('[TIER-10] an intake that is told at the moment at which a run looks is seen by that run', async () => {
    const intakes = await lateBills(await crowd(2, 100_000), 400_000);
    await tell(intakes[0] ?? '');
    const [coming] = await started();
    let looking: Promise<void> | undefined;
    await transaction.run(async (tx) => {
      const payload = { intakeId: intakes[1] ?? '', months: ['2025-12-01'] };
      await reconsiderIntake(tx, runs, { payload, occurredAt: new Date('2026-02-20T09:00:00+08:00') });
      looking = carryOut(coming?.run_id ?? '');
      await sleep(500);
    });
    await looking;
    expect(await started()).toHaveLength(1);
    expect(await levels()).toEqual({ DIAMOND: 2 });
  });

  it('[TIER-10] an intake of tomorrow is not taken by a run of today', async () => {
    const intakes = await lateBills(await crowd(2, 100_000), 400_000);
    await tell(intakes[0] ?? '', '2026-02-20');
    await tell(intakes[1] ?? '', '2026-02-21');
    const both = await carryOutAll();
    expect(both.map(({ asOf, counts }) => [asOf, counts])).toEqual([
      ['2026-02-20', { upgraded: 1 }],
      ['2026-02-21', { upgraded: 1 }],
    ]);
  });

  it('[TIER-10] what a run that was cancelled had taken is taken by the next', async () => {
    const intakes = await lateBills(await crowd(3, 100_000), 400_000);
    await tell(intakes[0] ?? '');
    const [first] = await started();
    await db.query(`UPDATE platform.run SET status = 'cancelled' WHERE run_id = $1`, [first?.run_id]);
    await tell(intakes[1] ?? '');
    const [, second] = await started();
    await db.query(`UPDATE tiering.changed_intake SET run_id = $1 WHERE intake_id = $2`, [first?.run_id, intakes[0]]);
    await carryOut(second?.run_id ?? '');
    expect((await runs.get(second?.run_id ?? '')).counts).toEqual({ upgraded: 2 });
  });

  it('[promise 8] late figures that only lower keep the level until the review, and say because of which intake', async () => {
    const [customerId = ''] = await crowd(1, 400_000);
    const [intakeId = ''] = await lateBills([customerId], 100_000);
    await tell(intakeId);
    const [run] = await carryOutAll();
    expect(run).toMatchObject({ counts: { kept: 1 } });
    expect(await db.query(`SELECT cause, would_be FROM tiering.tier_decision WHERE outcome = 'kept'`)).toEqual([
      { cause: { intakeId }, would_be: 'SILVER' },
    ]);
    expect(await levels()).toEqual({ DIAMOND: 1 });
    // The same is not said again.
    expect((await nightly('2026-02-21')).counts).toEqual({});
  });

  const writes = (set: string, customerId: string, at: string) =>
    db.query(`UPDATE customers.customer SET ${set}, updated_at = $2 WHERE customer_id = $1`, [customerId, at]);
  const decisions = () =>
    db.query(
      `SELECT customer_id, outcome, cause FROM tiering.tier_decision WHERE cause IS NOT NULL ORDER BY decided_at`,
    );

  it('[TIER-10] customers whose profile has changed are decided in the night, each change once', async () => {
    const [own = '', other = ''] = await crowd(2, 400_000);
    await writes(`sim_kind = 'IOT'`, own, '2026-02-20T12:00:00+08:00');
    clock.time = new Date('2026-02-21T01:50:00+08:00');
    const run = await nightly('2026-02-21');
    expect(run.progress.customersTotal).toBe(1);
    expect(run.counts).toEqual({ kept: 1 });
    const said = [{ customer_id: own, outcome: 'kept', cause: { changed: 'facts' } }];
    expect(await decisions()).toEqual(said);
    await writes('version = version + 1', other, '2026-02-21T12:00:00+08:00');
    await writes('version = version + 1', own, '2026-02-21T12:00:00+08:00');
    clock.time = new Date('2026-02-22T01:50:00+08:00');
    // Decided again, and nothing new is said: the run names nobody.
    const again = await nightly('2026-02-22');
    expect([again.progress.customersTotal, again.counts]).toEqual([2, {}]);
    expect(await decisions()).toEqual(said);
    clock.time = new Date('2026-02-23T01:50:00+08:00');
    expect((await nightly('2026-02-23')).progress.customersTotal).toBe(0);
  });

  it('[TIER-10] a profile whose change commits only after a run has looked is seen by the next run', async () => {
    const [customerId = ''] = await crowd(1, 100_000);
    const change = source.createQueryRunner();
    await change.startTransaction();
    await change.query(
      `UPDATE customers.customer SET tariff_code = 'another', updated_at = '2026-02-21T01:49:00+08:00' WHERE customer_id = $1`,
      [customerId],
    );
    clock.time = new Date('2026-02-21T01:50:00+08:00');
    expect((await nightly('2026-02-21')).progress.customersTotal).toBe(0);
    await change.commitTransaction();
    await change.release();
    clock.time = new Date('2026-02-22T01:50:00+08:00');
    expect((await nightly('2026-02-22')).progress.customersTotal).toBe(1);
  });
});
