import type { DataSource } from 'typeorm';
import { QueueNotices } from '../../../src/modules/care/application/queue-notices.js';
import { MakeTasksOnEvents } from '../../../src/modules/care/application/make-tasks-on-events.js';
import { levelEventKinds, type AboutLevel } from '../../../src/modules/care/domain/level-event.js';
import { MakeTasksWhenLevelChanges } from '../../../src/modules/care/listeners/make-tasks-when-level-changes.listener.js';
import { QueueNoticesWhenLevelChanges } from '../../../src/modules/care/listeners/queue-notices-when-level-changes.listener.js';
import { ReviewTiers } from '../../../src/modules/tiering/application/review-tiers.run.js';
import {
  TierChanged,
  type ComingDowngrade,
  type RetainedTier,
  type TierChange,
} from '../../../src/modules/tiering/index.js';
import { Database, newId, Transaction } from '../../../src/platform/database/index.js';
import { Outbox, type Delivered } from '../../../src/platform/events/index.js';
import type { ListenerRegistry, RegisteredListener } from '../../../src/platform/events/listener-registry.js';
import { Relay } from '../../../src/platform/events/relay.js';
import { carryOutRun } from '../../support/carry-out-run.js';
import { TestClock } from '../../support/clock.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { keepMonths, yearOf } from '../tiering/facts.js';
import { CARE, delivered, keepGrace, keepSomebody, leave, moveTo, serveCare, untilWaiting } from './care-world.js';

describe('notices about levels', () => {
  const clock = new TestClock('2026-02-15T09:00:00+08:00');
  let db: TestDatabase;
  let source: DataSource;
  let close: (() => Promise<void>) | undefined;

  beforeEach(async () => {
    db = await createTestDatabase();
    source = await db.dataSource();
  });
  afterEach(async () => {
    await close?.();
    close = undefined;
    await db.drop();
  });

  const listener = () => new QueueNoticesWhenLevelChanges(new QueueNotices(clock));
  const hear = (...told: AboutLevel[]) =>
    new Transaction(source).run((tx) => listener().handleAll(tx, told.map(delivered)));
  /** Delivers as the worker does; tells of each batch of notices. */
  const relay = (onBatch: () => void = () => undefined): Relay => {
    const [tasks, words] = [new MakeTasksWhenLevelChanges(new MakeTasksOnEvents(clock)), listener()];
    const handlers: readonly RegisteredListener[] = [
      { name: 'tasks', handle: (tx, told) => tasks.handleAll(tx, told as readonly Delivered<AboutLevel>[]) },
      {
        name: 'notices',
        handle: (tx, told) => {
          onBatch();
          return words.handleAll(tx, told as readonly Delivered<AboutLevel>[]);
        },
      },
    ];
    const registry = { to: () => handlers } as unknown as ListenerRegistry;
    return new Relay(new Database(source), new Transaction(source), registry);
  };
  const raised = (customerId: string, more: Partial<TierChange> = {}): TierChange => ({
    customerId, decisionId: newId(), from: 'SILVER', to: 'GOLD', effectiveOn: '2026-02-01', outcome: 'upgraded', ...more,
  }); // prettier-ignore
  const coming = (customerId: string, more: Partial<ComingDowngrade> = {}): ComingDowngrade => ({
    customerId, decisionId: newId(), program: 'GOTONE', from: 'GOLD', to: 'SILVER', effectiveOn: '2026-05-01', notice: 'start', ...more,
  }); // prettier-ignore
  const retained = (customerId: string): RetainedTier => ({
    customerId, decisionId: newId(), program: 'GOTONE', tier: 'GOLD', until: '2027-01-31',
  }); // prettier-ignore
  const notices = () =>
    db.query<{ kind: string; zh: string; en: string; notice_id: string }>(
      'SELECT customer_id, decision_id, kind, channel, zh, en, state, attempts, notice_id FROM care.notice ORDER BY kind, customer_id',
    );
  const serve = async (permissions = ['notices.read', 'notices.report']) => {
    await close?.();
    const served = await serveCare(db, clock, permissions);
    close = () => served.close();
    const report = (id: string, payload: object) =>
      served.call({ method: 'POST', url: `${CARE}/notice/${id}/report`, payload });
    return { ...served, report };
  };

  it('[TIER-06] queues one message of an upgrade, in both languages', async () => {
    const customerId = await keepSomebody(db, { tier: 'GOLD' });
    const told = raised(customerId);
    await hear(told, told);
    await hear(told);
    expect(await notices()).toEqual([
      {
        customer_id: customerId, decision_id: told.decisionId, kind: 'upgraded', channel: 'SMS', state: 'queued', attempts: 0,
        zh: '尊敬的客户:自2026年2月1日起,您的客户级别由银卡升为金卡,感谢您一直以来的支持。',
        en: 'Dear customer, from 2026-02-01 your level is gold, up from silver. Thank you for staying with us.',
        notice_id: expect.any(String),
      },
    ]); // prettier-ignore
  });

  it('[TIER-11] tells of a downgrade three times before it comes, of the downgrade, and of a level that is kept', async () => {
    const customerId = await keepSomebody(db, { tier: 'GOLD' });
    const grace = coming(customerId);
    await keepGrace(db, customerId, grace.decisionId);
    await hear(
      grace,
      { ...grace, notice: 'middle' },
      { ...grace, notice: 'end' },
      retained(customerId),
      raised(customerId),
    );
    await moveTo(db, customerId, 'SILVER');
    await hear(raised(customerId, { from: 'GOLD', to: 'SILVER', outcome: 'downgraded' }));
    const queued = await notices();
    expect(queued.map(({ kind }) => kind)).toEqual([...levelEventKinds].sort());
    expect(queued.find(({ kind }) => kind === 'retained')?.zh).toContain('金卡级别有效至2027年1月31日');
    expect(queued.find(({ kind }) => kind === 'will-downgrade-end')?.zh).toContain(
      '您的金卡级别即将到期,2026年5月1日起将调整为银卡',
    );
    for (const { zh, en } of queued) expect(zh + en).not.toMatch(/[{}]|undefined|NaN/);
  });

  it('[TIER-11] tells nothing of what is overtaken, long past, of another programme, or of who has left', async () => {
    const [lowered, gone, gold] = [
      await keepSomebody(db, { tier: 'SILVER' }),
      await keepSomebody(db, { tier: 'GOLD' }),
      await keepSomebody(db, { tier: 'GOLD' }),
    ];
    await leave(db, gone);
    await hear(
      raised(lowered),
      raised(gone),
      raised(gold, { effectiveOn: '2026-01-14' }),
      coming(gold, { program: 'STAR' }),
      coming(gold),
    );
    expect(await notices()).toEqual([]);
    await hear(raised(gold, { effectiveOn: '2026-01-15' }));
    expect(await notices()).toHaveLength(1);
  });

  it('[TIER-06] queues one message and one task of an event that two deliver at once', async () => {
    const customerId = await keepSomebody(db, { tier: 'GOLD' });
    const told = [delivered(raised(customerId))];
    const both = async (tx: Parameters<Parameters<Transaction['run']>[0]>[0]) => {
      await new MakeTasksWhenLevelChanges(new MakeTasksOnEvents(clock)).handleAll(tx, told);
      await listener().handleAll(tx, told);
    };
    let second: Promise<void> | undefined;
    await new Transaction(source).run(async (tx) => {
      await both(tx);
      second = new Transaction(source).run(both);
      await untilWaiting(db, 1);
    });
    await second;
    expect(await notices()).toHaveLength(1);
    expect(await db.query('SELECT code FROM care.task')).toEqual([{ code: 'WELCOME_CALL' }]);
  });

  it('[TIER-06] queues one message of an upgrade by a review, however often it is held', async () => {
    const customerId = await keepSomebody(db, { tier: 'SILVER' });
    await keepMonths(db, customerId, yearOf(2025, 150_000));
    for (const key of ['first', 'again']) {
      await carryOutRun(source, new ReviewTiers(clock), { key, asOf: '2026-02-01' });
      await relay().drain();
    }
    expect(await notices()).toEqual([
      expect.objectContaining({
        customer_id: customerId,
        kind: 'upgraded',
        zh: expect.stringContaining('由银卡升为金卡'),
      }),
    ]);
    expect(await db.query('SELECT code, due_on FROM care.task')).toEqual([
      { code: 'WELCOME_CALL', due_on: '2026-02-25' },
    ]);
  });

  it('[TIER-06] takes a flood of events lane by lane, not one by one', async () => {
    const [{ ids } = { ids: [] }] = await db.query<{ ids: string[] }>(
      `SELECT array_agg(id::text) AS ids FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, 1200)) g`,
    );
    await db.query(
      `INSERT INTO customers.customer (customer_id, party_id, kind, archive, status, region, brand, opened_on, main_subscription_id,
         activated_on, sim_kind, tariff_code, package_fee_fen, real_name, version, created_at, updated_at)
       SELECT id, id, 'individual', 'in-network', 'active', '440000', 'GOTONE', '2020-01-01', id, '2020-01-01', 'MAIN', 'T', 1, true, 1,
         '2026-01-01', '2026-01-01' FROM unnest($1::uuid[]) AS id`,
      [ids],
    );
    await db.query(
      `INSERT INTO tiering.tier_assignment (customer_id, program, decision_id, tier, valid_from)
       SELECT id, 'GOTONE', id, 'GOLD', '2026-02-01' FROM unnest($1::uuid[]) AS id`,
      [ids],
    );
    const events = ids.map((customerId) => ({ payload: raised(customerId), customerId, occurredAt: clock.now() }));
    await new Transaction(source).run((tx) => new Outbox(clock).publishMany(tx, TierChanged, events));
    let batches = 0;
    const relayed = await Promise.all([1, 2].map(() => relay(() => (batches += 1)).drain()));
    expect(relayed.reduce((sum, each) => sum + each)).toBe(1200);
    // One of each lane, of which there are sixteen.
    expect(batches).toBeLessThanOrEqual(16);
    expect(await db.query('SELECT count(*)::int AS n FROM care.notice')).toEqual([{ n: 1200 }]);
    expect(await db.query('SELECT count(*)::int AS n FROM care.task')).toEqual([{ n: 1200 }]);
  });

  it('lets the sender see what is queued, and report what became of it once, however often it says so', async () => {
    const customerId = await keepSomebody(db, { tier: 'GOLD' });
    const grace = coming(customerId);
    await keepGrace(db, customerId, grace.decisionId);
    await hear(raised(customerId), grace);
    const { call, report } = await serve();
    const { body } = await call({ url: `${CARE}/notice?state=queued&kind=upgraded` });
    expect(body).toEqual([expect.objectContaining({ customerId, kind: 'upgraded', state: 'queued', attempts: 0 })]);
    expect((await call({ url: body[0].href })).body).toEqual(body[0]);
    const lines = await db.query(`SELECT customer_ids FROM organization.access_register WHERE action = 'notices.read'`);
    expect(lines).toEqual([{ customer_ids: [customerId] }, { customer_ids: [customerId] }]);

    const failure = { attempt: 1, result: 'failed', failureCode: 'ABSENT' };
    const failed = await Promise.all([1, 2, 3].map(() => report(body[0].id, failure)));
    expect(failed.map(({ status, body: { state, attempts } }) => [status, state, attempts])).toEqual(
      Array.from({ length: 3 }, () => [200, 'queued', 1]),
    );
    expect(await report(body[0].id, { attempt: 3, result: 'sent' })).toMatchObject({
      status: 409,
      body: { code: 'care.notice-attempt-out-of-turn' },
    });
    for (const attempt of [2, 3]) await report(body[0].id, { ...failure, attempt });
    expect((await call({ url: body[0].href })).body).toMatchObject({
      state: 'failed',
      attempts: 3,
      failureCode: 'ABSENT',
    });

    const [other] = (await call({ url: `${CARE}/notice?state=queued` })).body;
    expect((await report(other.id, { attempt: 1, result: 'sent' })).body).toMatchObject({ state: 'sent', attempts: 1 });
    expect((await report(other.id, failure)).body).toMatchObject({ state: 'sent', attempts: 1 });
    expect((await report(newId(), { attempt: 1, result: 'sent' })).status).toBe(404);
    expect((await report(other.id, { ...failure, failureCode: '13912340001' })).status).toBe(400);
    const readers = await serve(['notices.read']);
    expect((await readers.report(other.id, { attempt: 1, result: 'sent' })).status).toBe(403);
  });

  it('takes no template that could hold more than levels and a day', async () => {
    const words = (zh: string) => db.query(`UPDATE care.notice_template SET zh = $1 WHERE kind = 'upgraded'`, [zh]);
    await words('{level}{date}');
    await expect(words('{name}, {level}')).rejects.toThrow('notice_template_placeholders');
  });
});
