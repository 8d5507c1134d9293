import type { DataSource } from 'typeorm';
import { CareModule } from '../../../src/modules/care/index.js';
import { MakeTasks } from '../../../src/modules/care/application/make-tasks.run.js';
import { MakeTasksOnEvents } from '../../../src/modules/care/application/make-tasks-on-events.js';
import { ForgetOutcomesWhenCustomerIsErased } from '../../../src/modules/care/listeners/forget-outcomes-when-customer-is-erased.listener.js';
import { MakeTasksWhenLevelChanges } from '../../../src/modules/care/listeners/make-tasks-when-level-changes.listener.js';
import type { ComingDowngrade, TierChange } from '../../../src/modules/tiering/index.js';
import { newId, Transaction } from '../../../src/platform/database/index.js';
import { ActorDirectory, NOBODY, type KnownActor } from '../../../src/platform/identity/index.js';
import { TestClock } from '../../support/clock.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { serveModules } from '../../support/serve-modules.js';
import {
  CARE,
  delivered,
  keepGrace,
  keepSomebody,
  leave,
  makeTasksOf,
  moveTo,
  recover,
  serveCare,
  untilWaiting,
} from './care-world.js';

describe('tasks of standard actions', () => {
  const clock = new TestClock('2026-02-15T06:30:00+08:00');
  let db: TestDatabase;
  let source: DataSource;
  let close: (() => Promise<void>) | undefined;

  beforeEach(async () => {
    clock.set('2026-02-15T06:30:00+08:00');
    db = await createTestDatabase();
    source = await db.dataSource();
  });
  afterEach(async () => {
    await close?.();
    close = undefined;
    await db.drop();
  });

  const run = (asOf: string, key?: string) => makeTasksOf(source, clock, asOf, key);
  const tasks = () =>
    db.query<{ customer_id: string; code: string; occasion: string; state: string; task_id: string }>(
      `SELECT customer_id, code, occasion, due_on, tier, state, manager_id, cancelled_because, task_id FROM care.task
       ORDER BY customer_id, code, occasion`,
    );
  const codes = async () => (await tasks()).map(({ code, occasion, state }) => `${code} ${occasion} ${state}`);
  const serve = async (permissions = ['care.read', 'care.work', 'care.manage']) => {
    await close?.();
    const served = await serveCare(db, clock, permissions);
    close = () => served.close();
    const end = (id: string, verb: 'complete' | 'cancel', words = 'as agreed') =>
      served.call({
        method: 'POST',
        url: `${CARE}/task/${id}/${verb}`,
        payload: verb === 'complete' ? { outcome: words } : { reason: words },
      });
    return { ...served, end };
  };

  describe('made by the run', () => {
    it('[TIER-09] [AM-14] asks for each level and kind what its table says, once in a period, of the own manager', async () => {
      const managerId = newId();
      const diamond = await keepSomebody(db, { tier: 'DIAMOND', managerId });
      const group = await keepSomebody(db, { groupClass: 'C' });
      await keepSomebody(db, {});
      await keepSomebody(db, { tier: 'ORDINARY' });

      expect(await run('2026-02-15')).toMatchObject({
        status: 'completed',
        counts: { made: 4, cancelled: 0, handedOver: 0 },
        progress: { customersTotal: 4 },
      });
      const made = (customer_id: string, code: string, occasion: string, due_on: string, more: object) => ({
        customer_id, code, occasion, due_on, state: 'open', cancelled_because: null, manager_id: null, task_id: expect.any(String), ...more,
      }); // prettier-ignore
      expect(await tasks()).toEqual(
        [
          made(diamond, 'CALL', '2026-02-01', '2026-02-28', { tier: 'DIAMOND', manager_id: managerId }),
          made(diamond, 'VISIT', '2026-01-01', '2026-03-31', { tier: 'DIAMOND', manager_id: managerId }),
          made(group, 'CALL', '2026-01-01', '2026-03-31', { tier: 'C' }),
          made(group, 'VISIT', '2026-01-01', '2026-06-30', { tier: 'C' }),
        ].sort((a, b) => (a.customer_id < b.customer_id ? -1 : a.customer_id > b.customer_id ? 1 : 0)),
      );
      expect((await run('2026-02-16')).counts).toEqual({ made: 0, cancelled: 0, handedOver: 0 });
      expect((await run('2026-03-01')).counts).toEqual({ made: 1, cancelled: 0, handedOver: 0 });
      expect(new MakeTasks(clock).schedule.due(clock.now())).toMatchObject({ key: '2026-03-01', asOf: '2026-03-01' });
    });

    it('[AM-14] makes a task once when runs race', async () => {
      for (let i = 0; i < 20; i++) await keepSomebody(db, { tier: 'GOLD' });
      const runs = await Promise.all(['a', 'b', 'c'].map((key) => run('2026-02-15', key)));
      expect(runs.map(({ status }) => status)).toEqual(['completed', 'completed', 'completed']);
      expect(runs.reduce((sum, { counts }) => sum + (counts['made'] ?? 0), 0)).toBe(40);
      expect(await tasks()).toHaveLength(40);
    });

    it('[TIER-09] cancels what a customer who has left or holds another level is no longer owed, and gives it back', async () => {
      const gone = await keepSomebody(db, { tier: 'SILVER' });
      const lowered = await keepSomebody(db, { tier: 'DIAMOND' });
      await run('2026-01-10');
      await leave(db, gone);
      await moveTo(db, lowered, 'SILVER');
      // The silver call of the quarter is the diamond visit's neighbour: another code and rhythm, and not the call of January.
      expect((await run('2026-01-11')).counts).toEqual({ made: 0, cancelled: 2, handedOver: 0 });
      const standing = async (customerId: string) =>
        (await tasks())
          .filter(({ customer_id }) => customer_id === customerId)
          .map((task) => ({
            code: task.code,
            state: task.state,
            ...('cancelled_because' in task && { why: task.cancelled_because }),
          }));
      expect(await standing(gone)).toEqual([{ code: 'CALL', state: 'cancelled', why: 'departed' }]);
      expect(await standing(lowered)).toEqual([
        { code: 'CALL', state: 'open', why: null },
        { code: 'VISIT', state: 'cancelled', why: 'no-longer-asked' },
      ]);

      await moveTo(db, lowered, 'DIAMOND');
      expect((await run('2026-01-12')).counts).toEqual({ made: 1, cancelled: 0, handedOver: 0 });
      expect(await standing(lowered)).toEqual([
        { code: 'CALL', state: 'open', why: null },
        { code: 'VISIT', state: 'open', why: null },
      ]);
    });

    it('[AM-14] follows the customer to another manager, and leaves to the former what was done', async () => {
      const [former, next] = [newId(), newId()];
      const customerId = await keepSomebody(db, { tier: 'DIAMOND', managerId: former });
      await run('2026-02-15');
      const [call] = await tasks();
      const { end } = await serve();
      await end(call?.task_id ?? '', 'complete');
      await db.query('UPDATE customers.customer SET manager_id = $2 WHERE customer_id = $1', [customerId, next]);
      expect((await run('2026-02-16')).counts).toEqual({ made: 0, cancelled: 0, handedOver: 1 });
      expect(await db.query('SELECT code, manager_id FROM care.task ORDER BY code')).toEqual([
        { code: 'CALL', manager_id: former },
        { code: 'VISIT', manager_id: next },
      ]);
    });

    it('[AM-14] asks from its first day what a new version of an action says', async () => {
      await keepSomebody(db, { tier: 'SILVER' });
      const { call } = await serve();
      const { body: found } = await call({
        url: `${CARE}/standardAction?tier=SILVER&customerKind=individual&code=CALL`,
      });
      const patched = (effectiveUntil: string, more = {}) =>
        call({ method: 'PATCH', url: found[0].href, payload: { effectiveUntil, ...more } });
      expect(await patched('2026-03-01', { content: 'Ask' })).toMatchObject({
        status: 409,
        body: { code: 'care.standard-action-in-effect' },
      });
      const next = {
        tier: 'SILVER', customerKind: 'individual', code: 'CALL', label: { en: 'Call', zh: '电话' }, content: 'Ask',
        everyMonths: 1, dueWithinDays: 7, effectiveFrom: '2026-03-01',
      }; // prettier-ignore
      const add = (payload: object) => call({ method: 'POST', url: `${CARE}/standardAction`, payload });
      expect(await add(next)).toMatchObject({ status: 409, body: { code: 'care.standard-actions-overlap' } });
      expect((await patched('2026-03-01')).status).toBe(200);
      expect(await add({ ...next, effectiveFrom: '2026-02-14' })).toMatchObject({ status: 422 });
      expect(await add({ ...next, everyMonths: 5 })).toMatchObject({
        status: 422,
        body: { code: 'care.standard-action-occasion' },
      });
      expect(await add({ ...next, customerKind: 'group' })).toMatchObject({
        status: 422,
        body: { code: 'care.unknown-level' },
      });
      expect(
        await add({ ...next, customerKind: 'group', tier: 'B', everyMonths: undefined, onEvent: 'level-raised' }),
      ).toMatchObject({
        status: 422,
        body: { code: 'care.standard-action-occasion' },
      });
      const added = await add(next);
      expect(added).toMatchObject({ status: 201, body: { everyMonths: 1, effectiveUntil: '9999-12-31' } });
      expect((await call({ method: 'PATCH', url: added.body.href, payload: { dueWithinDays: 5 } })).body).toMatchObject(
        {
          dueWithinDays: 5,
        },
      );
      await run('2026-02-28');
      await run('2026-03-01');
      expect(await db.query('SELECT occasion, due_on, state FROM care.task ORDER BY occasion')).toEqual([
        { occasion: '2026-01-01', due_on: '2026-03-31', state: 'open' },
        { occasion: '2026-03-01', due_on: '2026-03-06', state: 'open' },
      ]);
    });
  });

  describe('made of what happens to a level', () => {
    const listener = () => new MakeTasksWhenLevelChanges(new MakeTasksOnEvents(clock));
    const coming = (customerId: string, notice: ComingDowngrade['notice'], decisionId = newId()): ComingDowngrade => ({
      customerId, decisionId, program: 'GOTONE', from: 'GOLD', to: 'SILVER', effectiveOn: '2026-05-01', notice,
    }); // prettier-ignore
    const raised = (customerId: string): TierChange => ({
      customerId, decisionId: newId(), from: 'SILVER', to: 'GOLD', effectiveOn: '2026-02-01', outcome: 'upgraded',
    }); // prettier-ignore
    const hear = (...told: (ComingDowngrade | TierChange)[]) =>
      new Transaction(source).run((tx) => listener().handleAll(tx, told.map(delivered)));

    it('[TIER-11] has whose level will be lowered called within ten days, once for all three notices', async () => {
      const managerId = newId();
      const customerId = await keepSomebody(db, { tier: 'GOLD', managerId });
      const decisionId = newId();
      await keepGrace(db, customerId, decisionId);
      await hear(coming(customerId, 'start', decisionId), coming(customerId, 'start', decisionId));
      await hear(coming(customerId, 'middle', decisionId));
      await hear(coming(customerId, 'end', decisionId), { ...coming(customerId, 'start'), program: 'STAR' });
      expect(await tasks()).toEqual([
        {
          customer_id: customerId, code: 'RETENTION_CALL', occasion: decisionId, due_on: '2026-02-25', tier: 'GOLD', state: 'open',
          manager_id: managerId, cancelled_because: null, task_id: expect.any(String),
        },
      ]); // prettier-ignore
    });

    it('[TIER-11] makes one task of an event that two deliver at once', async () => {
      const customerId = await keepSomebody(db, { tier: 'GOLD' });
      const grace = coming(customerId, 'start');
      await keepGrace(db, customerId, grace.decisionId);
      const told = [delivered(grace)];
      let second: Promise<void> | undefined;
      await new Transaction(source).run(async (tx) => {
        await listener().handleAll(tx, told);
        second = new Transaction(source).run((other) => listener().handleAll(other, told));
        await untilWaiting(db, 1);
      });
      await second;
      expect(await tasks()).toHaveLength(1);
    });

    it('[TIER-11] asks nobody to call who has recovered, whatever comes late', async () => {
      const customerId = await keepSomebody(db, { tier: 'GOLD' });
      const grace = coming(customerId, 'start');
      await keepGrace(db, customerId, grace.decisionId);
      await hear(grace);
      await run('2026-02-16');
      const calls = async () => (await tasks()).filter(({ code }) => code === 'RETENTION_CALL');
      expect(await calls()).toMatchObject([{ state: 'open' }]);
      await recover(db, customerId);
      await run('2026-02-17');
      const settled = { state: 'cancelled', cancelled_because: 'no-longer-asked' };
      expect(await calls()).toMatchObject([settled]);
      await hear({ ...grace, notice: 'middle' }, coming(customerId, 'start'));
      expect(await calls()).toMatchObject([settled]);
    });

    it('[TIER-11] makes none of what has been overtaken, and cancels what the next change has settled', async () => {
      const [raisedOne, gone] = [await keepSomebody(db, { tier: 'GOLD' }), await keepSomebody(db, { tier: 'GOLD' })];
      await leave(db, gone);
      const late = coming(gone, 'start');
      await keepGrace(db, gone, late.decisionId);
      await hear(raised(raisedOne), late);
      expect((await codes()).map((each) => each.split(' ')[0])).toEqual(['WELCOME_CALL']);
      await moveTo(db, raisedOne, 'DIAMOND');
      await hear(coming(raisedOne, 'start'));
      await run('2026-02-16');
      expect(
        await db.query(`SELECT code, state, cancelled_because FROM care.task WHERE occasion !~ '^2026' ORDER BY code`),
      ).toEqual([{ code: 'WELCOME_CALL', state: 'cancelled', cancelled_because: 'no-longer-asked' }]);
    });
  });

  describe('ending them', () => {
    it('[AM-14] is done once with the first words, or cancelled', async () => {
      await keepSomebody(db, { tier: 'DIAMOND' });
      await run('2026-02-15');
      const [call, visit] = await tasks();
      const { end, staffId } = await serve();
      const done = await Promise.all(
        ['one', 'two', 'three'].map((words) => end(call?.task_id ?? '', 'complete', words)),
      );
      expect(done.map(({ status }) => status)).toEqual([200, 200, 200]);
      expect(new Set(done.map(({ body }) => body.outcome)).size).toBe(1);
      expect(done[0]?.body).toMatchObject({ state: 'done', endedBy: staffId, isLate: false });
      expect(await end(call?.task_id ?? '', 'cancel')).toMatchObject({
        status: 409,
        body: { code: 'care.task-ended' },
      });
      expect(await end(visit?.task_id ?? '', 'cancel', 'not wanted')).toMatchObject({
        body: { state: 'cancelled', cancelledBecause: 'by-hand', outcome: 'not wanted' },
      });
      expect((await end(newId(), 'complete')).status).toBe(404);
      expect((await end('nobody', 'complete')).status).toBe(404);
      expect((await run('2026-02-16')).counts).toEqual({ made: 0, cancelled: 0, handedOver: 0 });
    });

    it('forgets what was written about an erased customer', async () => {
      const customerId = await keepSomebody(db, { tier: 'SILVER' });
      await run('2026-02-15');
      const { end } = await serve();
      await end((await tasks())[0]?.task_id ?? '', 'complete', 'I know her brother');
      const erased = { ...delivered(raisedTo(customerId)), payload: { customerId } };
      await new Transaction(source).run((tx) => new ForgetOutcomesWhenCustomerIsErased().handleAll(tx, [erased]));
      expect(await db.query('SELECT outcome FROM care.task')).toEqual([{ outcome: '' }]);
    });
  });

  describe('asking for them', () => {
    it('[AM-14] lists by manager, state and due day, what is late, and registers whose', async () => {
      const managerId = newId();
      const mine = await keepSomebody(db, { tier: 'DIAMOND', managerId });
      await keepSomebody(db, { tier: 'SILVER' });
      await run('2026-02-15');
      clock.set('2026-03-05T09:00:00+08:00');
      const { call } = await serve(['care.read']);
      const found = async (query: string) =>
        (await call({ url: `${CARE}/task?${query}` })).body.map(
          (task: { code: string; dueOn: string }) => `${task.code} ${task.dueOn}`,
        );
      expect(await found(`managerId=${managerId}`)).toEqual(['CALL 2026-02-28', 'VISIT 2026-03-31']);
      expect(await found('isUnassigned=true&state=open')).toEqual(['CALL 2026-03-31']);
      expect(await found('isLate=true')).toEqual(['CALL 2026-02-28']);
      expect(await found('dueOn.gte=2026-03-01&limit=1&offset=1')).toHaveLength(1);
      const [late] = (await call({ url: `${CARE}/task?isLate=true` })).body;
      expect((await call({ url: late.href })).body).toMatchObject({
        isLate: true,
        label: { zh: '电话回访' },
        customerId: mine,
      });
      const lines = await db.query<{ action: string; customer_ids: string[] }>(
        `SELECT action, customer_ids FROM organization.access_register WHERE action = 'care.read'`,
      );
      expect(lines.length).toBe(6);
      expect(lines.at(-1)).toMatchObject({ customer_ids: [mine] });
      expect((await call({ method: 'POST', url: `${late.href}/complete`, payload: { outcome: 'x' } })).status).toBe(
        403,
      );
    });

    it('[AM-14] shows an account manager the tasks of the own customers, and lets nobody else’s be ended', async () => {
      const managerId = newId();
      await keepSomebody(db, { tier: 'SILVER', managerId });
      await keepSomebody(db, { tier: 'SILVER', managerId: newId() });
      await run('2026-02-15');
      const ids = await db.query<{ id: string; is_mine: boolean }>(
        'SELECT task_id AS id, manager_id = $1 AS is_mine FROM care.task',
        [managerId],
      );
      const [mine, other] = [true, false].map((whose) => ids.find(({ is_mine }) => is_mine === whose)?.id ?? '');
      const own: KnownActor = {
        kind: 'staff', id: managerId, name: 'A manager', role: 'account-manager', permissions: ['care.read', 'care.work'], unitId: newId(),
        scope: { ...NOBODY, managerId },
      }; // prettier-ignore
      const served = await serveModules(db, {
        modules: [CareModule],
        permissions: [],
        now: clock.now(),
        ground: [{ provide: ActorDirectory, useValue: { actorOfApiKey: () => Promise.resolve(own) } }],
      });
      close = () => served.close();
      const complete = (id: string | undefined) =>
        served.call({ method: 'POST', url: `${CARE}/task/${id}/complete`, payload: { outcome: 'reached' } });
      expect((await served.call({ url: `${CARE}/task` })).body.map(({ id }: { id: string }) => id)).toEqual([mine]);
      expect((await served.call({ url: `${CARE}/task/${other}` })).status).toBe(404);
      expect(await complete(other)).toMatchObject({ status: 404, body: { code: 'care.task-not-found' } });
      expect((await complete(mine)).status).toBe(200);
      const { body } = await served.call({ url: `${CARE}/compliance?until=2026-03-31` });
      expect(body).toEqual([expect.objectContaining({ managerId, due: 1, doneInTime: 1, compliancePercent: 100 })]);
    });

    it('[AM-14] [AM-20] tells how much of what was due each manager has done in time', async () => {
      const managerId = newId();
      for (let i = 0; i < 3; i++) await keepSomebody(db, { tier: 'DIAMOND', managerId });
      await keepSomebody(db, { tier: 'DIAMOND' });
      await run('2026-02-15');
      const calls = await db.query<{ task_id: string }>(
        `SELECT task_id FROM care.task WHERE code = 'CALL' AND manager_id = $1 ORDER BY task_id`,
        [managerId],
      );
      const [inTime, late, visit] = [
        calls[0], calls[1],
        ...(await db.query<{ task_id: string }>(`SELECT task_id FROM care.task WHERE code = 'VISIT' AND manager_id = $1`, [managerId])),
      ]; // prettier-ignore
      clock.set('2026-02-28T23:59:59+08:00');
      await (await serve()).end(inTime?.task_id ?? '', 'complete');
      clock.set('2026-03-01T00:00:00+08:00');
      const { end, call } = await serve();
      await end(late?.task_id ?? '', 'complete');
      await end(visit?.task_id ?? '', 'cancel');

      const of = async (query: string) => (await call({ url: `${CARE}/compliance${query}` })).body;
      expect(await of('?from=2026-02-01&until=2026-02-28')).toEqual([
        expect.objectContaining({
          id: managerId, managerId, due: 3, doneInTime: 1, doneLate: 1, open: 1, cancelledByHand: 0, compliancePercent: 33,
        }),
        expect.objectContaining({ id: 'unassigned', due: 1, doneInTime: 0, open: 1, compliancePercent: 0 }),
      ]); // prettier-ignore
      expect(await of(`?from=2026-03-01&until=2026-03-31&managerId=${managerId}`)).toEqual([
        expect.objectContaining({ due: 2, cancelledByHand: 1, from: '2026-03-01', until: '2026-03-31' }),
      ]);
      expect(await of('')).toEqual([]);
    });
  });
});

const raisedTo = (customerId: string): TierChange => ({
  customerId, decisionId: newId(), from: 'ORDINARY', to: 'SILVER', effectiveOn: '2026-02-01',
}); // prettier-ignore
