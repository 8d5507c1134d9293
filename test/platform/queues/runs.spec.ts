import type { INestApplicationContext } from '@nestjs/common';
import { type Run, RunKeyTaken, RunNotResumable, Runs, UnknownRunKind } from '../../../src/platform/queues/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { loseQueue, startBackends } from './backends.js';
import { startTrial, TRIAL_TABLES, TrialRun } from './trial.js';
import { startTrialWorker } from './trial-worker.js';

const backends = await startBackends();
const CUSTOMERS = 2_050; // 21 slices of 100

afterAll(async () => {
  for (const { redis } of backends) await redis?.stop();
});

for (const { name, redis, missing } of backends) {
  (missing ? describe.skip : describe)(`runs over everybody ${name}`, () => {
    let database: TestDatabase;
    let application: INestApplicationContext | undefined;
    let runs: Runs;

    const where = () => ({ databaseUrl: database.url, redisUrl: redis?.url });
    const start = async (options?: Parameters<typeof startTrial>[1]): Promise<void> => {
      application = await startTrial(where(), options);
      runs = application.get(Runs);
    };
    const restart = async (options?: Parameters<typeof startTrial>[1]): Promise<void> => {
      await application?.close();
      await start(options);
    };
    const reaches = (runId: string, status: Run['status']): Promise<Run> =>
      eventually(async () => {
        const run = await runs.get(runId);
        return run.status === status && run;
      }, 40_000);
    const decisionsOf = async (runId: string): Promise<{ decided: number; workers: number } | undefined> =>
      (
        await database.query<{ decided: number; workers: number }>(
          'SELECT count(*)::int AS decided, count(DISTINCT decided_by)::int AS workers FROM trial.decision WHERE run_id = $1',
          [runId],
        )
      )[0];
    const theRun = (key: string, parameters: object = {}) => ({
      kind: 'trial.worth',
      key,
      asOf: '2026-02-01',
      parameters,
    });

    beforeEach(async () => {
      database = await createTestDatabase();
      for (const statement of TRIAL_TABLES) await database.query(statement);
      await database.query('INSERT INTO trial.customer SELECT gen_random_uuid() FROM generate_series(1, $1::int)', [
        CUSTOMERS,
      ]);
      await redis?.flush();
    });
    afterEach(async () => {
      await application?.close();
      application = undefined;
      await database.drop();
    });

    it('decide everybody, count what they did and say how far they are', async () => {
      await start();
      const { run, isNew } = await runs.start(theRun('whole'));
      expect(isNew).toBe(true);
      const done = await reaches(run.runId, 'completed');
      expect(done).toMatchObject({
        kind: 'trial.worth',
        key: 'whole',
        asOf: '2026-02-01',
        ruleVersion: 'v1',
        counts: { decided: CUSTOMERS, slices: 21 },
        summary: { decided: CUSTOMERS },
        progress: {
          slicesTotal: 21,
          slicesDone: 21,
          customersTotal: CUSTOMERS,
          customersDone: CUSTOMERS,
          percent: 100,
        },
      });
      expect(done.checksum).toMatch(/^[0-9a-f]{32}$/);
      expect(done.progress.customersPerSecond).toBeGreaterThan(0);
    });

    it('announce each decision once', async () => {
      await start();
      const { run } = await runs.start(theRun('announced'));
      await reaches(run.runId, 'completed');
      const heard = await eventually(async () => {
        const [counted] = await database.query<{ all: number; different: number }>(
          `SELECT count(*)::int AS all, count(DISTINCT about)::int AS different FROM trial.trace WHERE what = 'counted'`,
        );
        return counted && counted.all >= CUSTOMERS && counted;
      });
      expect(heard).toEqual({ all: CUSTOMERS, different: CUSTOMERS });
    });

    it('started many times at the same moment are one run', async () => {
      await start();
      const started = await Promise.all(Array.from({ length: 12 }, () => runs.start(theRun('raced'))));
      expect(new Set(started.map(({ run }) => run.runId)).size).toBe(1);
      expect(started.filter(({ isNew }) => isNew)).toHaveLength(1);
      const done = await reaches(started[0]?.run.runId ?? '', 'completed');
      expect(await decisionsOf(done.runId)).toMatchObject({ decided: CUSTOMERS });
      expect((await runs.start(theRun('raced'))).run.status).toBe('completed');
    });

    it('of one key do not change their day', async () => {
      await start({ works: false });
      await runs.start(theRun('fixed'));
      await expect(runs.start({ ...theRun('fixed'), asOf: '2026-03-01' })).rejects.toThrow(RunKeyTaken);
      await expect(runs.start({ ...theRun('fixed'), kind: 'trial.unheard-of' })).rejects.toThrow(UnknownRunKind);
    });

    it('whose worker is killed go on at the first unfinished slice and end in the same state', async () => {
      await start({ works: false });
      const worker = await startTrialWorker({ TRIAL_DATABASE_URL: database.url, TRIAL_REDIS_URL: redis?.url });
      const { run } = await runs.start(theRun('killed', { sliceMs: 100 }));
      const before = await eventually(async () => {
        const now = await runs.get(run.runId);
        return now.progress.slicesDone >= 4 && now;
      });
      await worker.kill();
      const killedAt = Date.now();
      const atKill = (await runs.get(run.runId)).progress.slicesDone;
      expect(before.status).toBe('running');
      expect(atKill).toBeLessThan(21);
      await restart();
      const done = await reaches(run.runId, 'completed');
      process.stdout.write(`killed after ${atKill} slices ${name}, completed ${Date.now() - killedAt} ms later\n`);
      expect(await decisionsOf(run.runId)).toMatchObject({ decided: CUSTOMERS });
      expect(done.counts).toEqual({ decided: CUSTOMERS, slices: 21 });

      const undisturbed = await reaches((await runs.start(theRun('undisturbed'))).run.runId, 'completed');
      expect(undisturbed.checksum).toBe(done.checksum);
    });

    it('go on when the queue has lost their job', async () => {
      await start({ works: false });
      const { run } = await runs.start(theRun('lost'));
      await loseQueue(redis, database);
      // So long ago that it should have begun.
      await database.query(`UPDATE platform.run SET created_at = created_at - interval '8 seconds'`);
      await restart();
      await reaches(run.runId, 'completed');
    });

    it('executed by two workers at once decide nobody twice', async () => {
      await start();
      const worker = await startTrialWorker({ TRIAL_DATABASE_URL: database.url, TRIAL_REDIS_URL: redis?.url });
      const { run } = await runs.start(theRun('doubled', { sliceMs: 60 }));
      const { ExecuteRun } = await import('../../../src/platform/queues/runs/runs.js');
      const { Jobs } = await import('../../../src/platform/queues/index.js');
      for (let n = 0; n < 3; n += 1) await application?.get(Jobs).add(ExecuteRun, { runId: run.runId });
      const done = await reaches(run.runId, 'completed');
      await worker.kill();
      expect(done.counts).toEqual({ decided: CUSTOMERS, slices: 21 });
      const decisions = await decisionsOf(run.runId);
      expect(decisions?.decided).toBe(CUSTOMERS);
      expect(decisions?.workers).toBeGreaterThan(1);
    });

    it('that break say where and why, without a word of the data, and go on when they are mended', async () => {
      await start();
      const { run } = await runs.start(theRun('broken', { breaksAtSlice: 5 }));
      const failed = await reaches(run.runId, 'failed');
      expect(failed.error).toMatch(/^slice: error \(22P02\)$/);
      expect(failed.progress.slicesDone).toBe(4);
      await database.query(`UPDATE platform.run SET parameters = '{}' WHERE run_id = $1`, [run.runId]);
      await runs.resume(run.runId);
      const done = await reaches(run.runId, 'completed');
      expect(done.error).toBeUndefined();
      expect(await decisionsOf(run.runId)).toMatchObject({ decided: CUSTOMERS });
      await expect(runs.resume(run.runId)).rejects.toThrow(RunNotResumable);
    });

    it.each(['prepare', 'slice', 'finish'])('that are refused at %s have failed at once', async (refusedAt) => {
      await start();
      const { run } = await runs.start(theRun(`refused at ${refusedAt}`, { refusedAt }));
      const failed = await reaches(run.runId, 'failed');
      expect(failed.error).toBe(`${refusedAt}: trial.refused: As asked`);
      expect(application?.get(TrialRun).refusals).toBe(1);
    });

    it('can be cancelled, and stop before the next slice', async () => {
      await start();
      const { run } = await runs.start(theRun('cancelled', { sliceMs: 100 }));
      await eventually(async () => (await runs.get(run.runId)).progress.slicesDone >= 2);
      const cancelled = await runs.cancel(run.runId);
      expect(cancelled.status).toBe('cancelled');
      await application?.close();
      await start({ works: false });
      expect((await runs.get(run.runId)).progress.slicesDone).toBeLessThan(21);
    });

    it('are handed over when their worker is asked to stop', async () => {
      await start();
      const { run } = await runs.start(theRun('handed-over', { sliceMs: 100 }));
      await eventually(async () => (await runs.get(run.runId)).progress.slicesDone >= 2);
      await restart();
      const done = await reaches(run.runId, 'completed');
      expect(done.counts).toEqual({ decided: CUSTOMERS, slices: 21 });
    });
  });
}
