import type { INestApplicationContext } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import { type JobProcessor, Jobs, ProcessesJob } from '../../../src/platform/queues/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { loseQueue, startBackends } from './backends.js';
import {
  FallDown,
  FallDownJob,
  NoteDown,
  NoteDownJob,
  startTrial,
  StumbleTwice,
  StumbleTwiceJob,
  TakeLong,
  TickJob,
  TRIAL_PROCESSORS,
  TRIAL_TABLES,
} from './trial.js';
import { startTrialWorker } from './trial-worker.js';

const backends = await startBackends();

afterAll(async () => {
  for (const { redis } of backends) await redis?.stop();
});

for (const { name, redis, missing } of backends) {
  (missing ? describe.skip : describe)(`jobs ${name}`, () => {
    let database: TestDatabase;
    let application: INestApplicationContext | undefined;
    let jobs: Jobs;

    const where = () => ({ databaseUrl: database.url, redisUrl: redis?.url });
    const traces = async (what: string): Promise<string[]> =>
      (
        await database.query<{ about: string }>('SELECT about FROM trial.trace WHERE what = $1 ORDER BY nth', [what])
      ).map(({ about }) => about);
    const start = async (options?: Parameters<typeof startTrial>[1]): Promise<void> => {
      application = await startTrial(where(), options);
      jobs = application.get(Jobs);
    };

    beforeEach(async () => {
      database = await createTestDatabase();
      for (const statement of TRIAL_TABLES) await database.query(statement);
      await redis?.flush();
    });
    afterEach(async () => {
      await application?.close();
      application = undefined;
      await database.drop();
    });

    it('are done', async () => {
      await start();
      await jobs.add(NoteDown, { note: 'one' });
      await jobs.addMany(NoteDown, [{ payload: { note: 'two' } }, { payload: { note: 'three' } }]);
      await eventually(async () => (await traces('noted')).length === 3);
      expect((await traces('noted')).sort()).toEqual(['one', 'three', 'two']);
    });

    it('wait as long as they were told to', async () => {
      await start();
      const from = Date.now();
      await jobs.add(NoteDown, { note: 'later' }, { delayMs: 700 });
      await eventually(async () => (await traces('noted')).length === 1);
      expect(Date.now() - from).toBeGreaterThanOrEqual(700);
    });

    it('are tried again when they fail', async () => {
      await start();
      await jobs.add(StumbleTwice, { note: 'in the end' });
      await eventually(async () => (await traces('stood')).length === 1);
      expect(await traces('stood')).toEqual(['in the end']);
    });

    it('that have failed are kept, but not a word of what the error said', async () => {
      await start();
      await jobs.add(FallDown, { note: 'of whom' });
      const [failed] = await eventually(async () => {
        const all = await jobs.queueOf('quick').getFailed();
        return all.length > 0 && all;
      });
      expect(failed?.failedReason).toBe('Error');
      expect(JSON.stringify(failed)).not.toMatch(/Wang|138/);
    });

    it('with an id are added once while they wait, and again when they are done', async () => {
      await start({ works: false });
      await Promise.all([1, 2, 3, 4].map((n) => jobs.add(NoteDown, { note: `nth ${n}` }, { jobId: '1:2' })));
      expect(await jobs.queueOf('quick').getJobCounts('waiting')).toEqual({ waiting: 1 });
      await application?.close();
      await start();
      await eventually(async () => (await traces('noted')).length === 1);
      await eventually(async () => (await jobs.queueOf('quick').getJobCounts('active')).active === 0);
      await jobs.add(NoteDown, { note: 'again' }, { jobId: '1:2' });
      await eventually(async () => (await traces('noted')).length === 2);
    });

    it('come by timetable', async () => {
      await start();
      await eventually(async () => (await traces('ticked')).length >= 3);
      const held = await jobs.queueOf('quick').getJobSchedulers();
      expect(held.map(({ key, every }) => ({ key, every: Number(every) }))).toEqual([
        { key: 'trial.tick', every: 300 },
      ]);
    });

    it('come by timetable again when the queue has lost everything', async () => {
      await start();
      await eventually(async () => (await traces('ticked')).length >= 1);
      await loseQueue(redis, database);
      const lostAt = (await traces('ticked')).length;
      await eventually(async () => (await traces('ticked')).length >= lostAt + 3);
    });

    it('by a cron pattern are due in Shanghai time', async () => {
      await start({ works: false });
      await jobs.schedule(NoteDown, { cron: '30 2 * * *' }, { note: 'by night' });
      const [held] = await jobs.queueOf('quick').getJobSchedulers();
      expect(new Date(held?.next ?? 0).toISOString()).toMatch(/T18:30:00\.000Z$/);
    });

    it('of an older release are taken out of the timetable', async () => {
      await start({ works: false });
      await jobs.queueOf('quick').upsertJobScheduler('trial.forgotten', { every: 60_000 }, { name: 'trial.forgotten' });
      await application?.close();
      await start();
      await eventually(async () => {
        const held = await jobs.queueOf('quick').getJobSchedulers();
        return held.length === 1 && held[0]?.key === 'trial.tick';
      });
    });

    it('of a killed worker are done by another one', async () => {
      const worker = await startTrialWorker({ TRIAL_DATABASE_URL: database.url, TRIAL_REDIS_URL: redis?.url });
      await start({ works: false });
      await jobs.add(TakeLong, { note: 'heavy' });
      await eventually(async () => (await traces('began')).length === 1);
      await worker.kill();
      await application?.close();
      const killedAt = Date.now();
      await start();
      await eventually(async () => (await traces('ended')).length === 1, 30_000);
      process.stdout.write(`redelivered and done ${name} ${Date.now() - killedAt} ms after the kill\n`);
      expect(await traces('began')).toEqual(['heavy', 'heavy']);
      expect(await traces('ended')).toEqual(['heavy']);
    });

    it('keep their payloads small: data belongs into tables', async () => {
      await start({ works: false });
      await expect(jobs.add(NoteDown, { note: 'x'.repeat(5_000) })).rejects.toThrow();
    });

    it('leave before the process does', async () => {
      await start();
      await jobs.add(TakeLong, { note: 'to the end' });
      await eventually(async () => (await traces('began')).length === 1);
      await application?.close();
      application = undefined;
      expect(await traces('ended')).toEqual(['to the end']);
    });
  });
}

describe('a worker refuses to boot', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.drop());

  it('when a job has no processor', async () => {
    const without = startTrial(
      { databaseUrl: database.url, redisUrl: undefined },
      { processors: [NoteDownJob, StumbleTwiceJob, FallDownJob, TickJob] },
    );
    await expect(without).rejects.toThrow('No provider processes the job trial.take-long');
  });

  it('when a job has two', async () => {
    @Injectable()
    @ProcessesJob(NoteDown)
    class NoteDownToo implements JobProcessor<{ note: string }> {
      async process(): Promise<void> {}
    }
    const two = startTrial(
      { databaseUrl: database.url, redisUrl: undefined },
      { processors: [...TRIAL_PROCESSORS, NoteDownToo] },
    );
    await expect(two).rejects.toThrow(
      /^The job trial\.note-down has several processors: NoteDown(Job|Too), NoteDown(Job|Too)$/,
    );
  });
});
