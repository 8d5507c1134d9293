import type { INestApplicationContext } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { Transaction } from '../../../src/platform/database/index.js';
import { Outbox, Relay } from '../../../src/platform/events/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { CountedByTheThousand, Happened, SecondListener, startTrial, TRIAL_TABLES } from '../queues/trial.js';
import { startTrialWorker } from '../queues/trial-worker.js';

describe('the outbox', () => {
  let database: TestDatabase;
  const applications: INestApplicationContext[] = [];

  const start = async (works = true): Promise<INestApplicationContext> => {
    const application = await startTrial({ databaseUrl: database.url, redisUrl: undefined }, { works });
    applications.push(application);
    return application;
  };
  const stop = async (): Promise<void> => {
    await Promise.all(applications.splice(0).map((application) => application.close()));
  };
  const traces = async (what: string): Promise<string[]> =>
    (await database.query<{ about: string }>('SELECT about FROM trial.trace WHERE what = $1 ORDER BY nth', [what])).map(
      ({ about }) => about,
    );
  const publish = (application: INestApplicationContext, customerId: string, ...steps: number[]): Promise<void> =>
    application.get(Transaction).run((tx) =>
      application.get(Outbox).publishMany(
        tx,
        Happened,
        steps.map((step) => ({ payload: { step }, customerId, occurredAt: new Date('2026-02-01T00:00:00Z') })),
      ),
    );
  const isDrained = async (): Promise<boolean> =>
    (await database.query('SELECT FROM platform.outbox WHERE relayed_at IS NULL AND parked_at IS NULL LIMIT 1'))
      .length === 0;

  beforeEach(async () => {
    SecondListener.failures = 0;
    database = await createTestDatabase();
    for (const statement of TRIAL_TABLES) await database.query(statement);
  });
  afterEach(async () => {
    await stop();
    await database.drop();
  });

  it('delivers what a transaction has announced, to every listener, once', async () => {
    const application = await start();
    const customer = randomUUID();
    await publish(application, customer, 1, 2, 3);
    await eventually(isDrained);
    const expected = [1, 2, 3].map((step) => `${customer}/${step}`);
    expect(await traces('first')).toEqual(expected);
    expect(await traces('second')).toEqual(expected);
  });

  it('delivers nothing of a transaction that was rolled back', async () => {
    const application = await start();
    const broken = application.get(Transaction).run(async (tx) => {
      await application.get(Outbox).publish(tx, Happened, { step: 1 }, { occurredAt: new Date() });
      throw new Error('not today');
    });
    await expect(broken).rejects.toThrow('not today');
    expect(await database.query('SELECT FROM platform.outbox')).toEqual([]);
  });

  it('keeps the order of each customer and the effect once, with two relays and a listener that fails first', async () => {
    const publisher = await start(false);
    const customers = Array.from({ length: 40 }, () => randomUUID());
    const steps = Array.from({ length: 15 }, (_, n) => n);
    for (const step of steps) await Promise.all(customers.map((customer) => publish(publisher, customer, step)));
    SecondListener.failures = 25;
    const [one, other] = await Promise.all([start(), start()]);
    expect(one).not.toBe(other);
    await Promise.all(customers.map((customer) => publish(publisher, customer, 15, 16)));
    await eventually(isDrained, 40_000);
    expect(SecondListener.failures).toBe(0);
    for (const listener of ['first', 'second']) {
      const heard = await traces(listener);
      expect(heard).toHaveLength(40 * 17);
      for (const customer of customers) {
        const ofCustomer = heard
          .filter((about) => about.startsWith(customer))
          .map((about) => Number(about.split('/')[1]));
        expect(ofCustomer).toEqual([...steps, 15, 16]);
      }
    }
  });

  it('delivers again after a kill between effect and mark, and the effect happens once', async () => {
    const publisher = await start(false);
    const customer = randomUUID();
    await publish(publisher, customer, 1);
    // The second listener kills its process: the first one's effect is stored, the event is not marked as relayed.
    const worker = await startTrialWorker({
      TRIAL_DATABASE_URL: database.url,
      TRIAL_DIES_IN_SECOND_LISTENER: 'yes',
    }).catch(() => undefined);
    await worker?.ended;
    expect(await traces('first')).toEqual([`${customer}/1`]);
    expect(await traces('second')).toEqual([]);
    expect(await isDrained()).toBe(false);
    await start();
    await eventually(isDrained);
    expect(await traces('first')).toEqual([`${customer}/1`]);
    expect(await traces('second')).toEqual([`${customer}/1`]);
  });

  it('lets a failing listener hold back its own customer only, and parks what it cannot deliver', async () => {
    const application = await start();
    SecondListener.failures = Number.POSITIVE_INFINITY;
    const customer = randomUUID();
    await publish(application, customer, 1);
    await eventually(async () => (await database.query('SELECT FROM platform.outbox WHERE attempts > 0')).length === 1);
    await publish(application, customer, 2);
    await application
      .get(Transaction)
      .run((tx) =>
        application
          .get(Outbox)
          .publish(tx, CountedByTheThousand, { step: 1 }, { customerId: randomUUID(), occurredAt: new Date() }),
      );
    await eventually(async () => (await traces('counted')).length === 1);
    expect(await traces('first')).toEqual([`${customer}/1`]);

    await database.query(`UPDATE platform.outbox SET attempts = 11, next_attempt_at = '-infinity' WHERE attempts > 0`);
    const relay = application.get(Relay);
    await eventually(async () => (await relay.backlog()).parked === 1);
    const [parked] = await database.query<{ last_error: string }>(
      'SELECT last_error FROM platform.outbox WHERE parked_at IS NOT NULL',
    );
    expect(parked?.last_error).toBe('SecondListener: Error');

    SecondListener.failures = 0;
    expect(await relay.retryParked()).toBe(1);
    await eventually(isDrained);
    expect((await traces('second')).sort()).toEqual([`${customer}/1`, `${customer}/2`]);
  });

  it('forgets what was relayed long ago, and keeps the marks of what is still on its way', async () => {
    const application = await start();
    await publish(application, randomUUID(), 1, 2);
    await eventually(isDrained);
    await stop();
    await database.query(
      `UPDATE platform.outbox SET relayed_at = clock_timestamp() - interval '3 days' WHERE position % 2 = 0`,
    );
    await database.query('UPDATE platform.outbox SET relayed_at = NULL WHERE position % 2 = 1');
    const relay = (await start(true)).get(Relay);
    expect(await relay.purge()).toBe(1);
    await eventually(isDrained);
    expect(await database.query('SELECT FROM platform.outbox')).toHaveLength(1);
    expect(await database.query('SELECT FROM platform.handled_event')).toHaveLength(2);
    expect(await traces('first')).toHaveLength(2);
  });

  it('delivers what a run announces in bulk by the thousand', async () => {
    const application = await start();
    const events = 20_000;
    const from = Date.now();
    await database.query(
      `INSERT INTO platform.outbox (name, customer_id, payload, occurred_at, recorded_at)
       SELECT '${CountedByTheThousand.name}', gen_random_uuid(), '{"step": 1}', clock_timestamp(), clock_timestamp()
       FROM generate_series(1, ${events})`,
    );
    await eventually(isDrained, 40_000);
    process.stdout.write(`set-wise listener: ${Math.round((events * 1000) / (Date.now() - from))} events/s\n`);
    expect((await application.get(Relay).backlog()).waiting).toBe(0);
    expect(await database.query(`SELECT DISTINCT about FROM trial.trace WHERE what = 'counted'`)).toHaveLength(events);
  });

  it('delivers to listeners that take one event at a time', async () => {
    const application = await start(false);
    const steps = Array.from({ length: 50 }, (_, n) => n);
    for (let n = 0; n < 60; n += 1) await publish(application, randomUUID(), ...steps);
    const from = Date.now();
    await start();
    await eventually(isDrained, 40_000);
    process.stdout.write(`two listeners, one by one: ${Math.round((3_000 * 1000) / (Date.now() - from))} events/s\n`);
    expect(await traces('first')).toHaveLength(3_000);
    expect(await traces('second')).toHaveLength(3_000);
  });
});
