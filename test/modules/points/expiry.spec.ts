import { ExpirePoints } from '../../../src/modules/points/application/expiry/expire-points.run.js';
import { GiveBackExpired } from '../../../src/modules/points/application/expiry/give-back-expired.run.js';
import { NotifyOfExpiry } from '../../../src/modules/points/application/expiry/notify-of-expiry.run.js';
import { PreviewExpiry } from '../../../src/modules/points/application/expiry/preview-expiry.run.js';
import { wordsOfNotice } from '../../../src/modules/points/domain/expiry/expiry.js';
import { provePoints } from '../../../src/modules/points/application/proof/prove-points.js';
import { CustomersModule } from '../../../src/modules/customers/index.js';
import { OrganizationFacade } from '../../../src/modules/organization/index.js';
import { PointsModule } from '../../../src/modules/points/index.js';

import { Database, newId, Transaction, type Tx } from '../../../src/platform/database/index.js';
import { EVERYBODY, NOBODY } from '../../../src/platform/identity/index.js';
import { type Counts, type Jobs, type Run, Runs, type Slice } from '../../../src/platform/queues/index.js';
import { ExecuteRunJob } from '../../../src/platform/queues/runs/execute-run.job.js';
import type { RunRegistry } from '../../../src/platform/queues/runs/run-registry.js';
import { carryOutRun } from '../../support/carry-out-run.js';
import { serveApprovals } from '../../support/serve-approvals.js';
import { keepCustomers } from '../customers/facts.js';
import { ledgerOf, pointsWorld } from './points-world.js';

const BASE = '/care-api/points/v1';

class SmallSlices extends ExpirePoints {
  override readonly sliceSize = 4;
}

/** Its worker dies in the middle of the third slice, as often as it is tried. */
class Dying extends SmallSlices {
  private slices = 0;

  override async slice(tx: Tx, run: Run, slice: Slice): Promise<Counts> {
    this.slices += 1;
    const counts = await super.slice(tx, run, slice);
    if (this.slices >= 3) throw new Error('killed');
    return counts;
  }
}

/** The server ends its connection in the second slice, after it has posted and before it has committed. */
class Disconnected extends SmallSlices {
  private slices = 0;

  constructor(
    private readonly end: (pid: number) => Promise<unknown>,
    ...given: ConstructorParameters<typeof ExpirePoints>
  ) {
    super(...given);
  }

  override async slice(tx: Tx, run: Run, slice: Slice): Promise<Counts> {
    const counts = await super.slice(tx, run, slice);
    this.slices += 1;
    if (this.slices === 2) {
      const [backend] = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await this.end(backend?.pid ?? 0);
    }
    return counts;
  }
}

describe('points that expire', () => {
  let world: Awaited<ReturnType<typeof pointsWorld>>;
  beforeEach(async () => {
    world = await pointsWorld();
  });
  afterEach(async () => {
    await world.db.drop();
  });

  const broken = async (): Promise<string[]> =>
    (await provePoints(world.transaction)).checks.filter(({ violations }) => violations > 0).map(({ id }) => id);
  const available = async (customerId: string): Promise<number> =>
    (await world.account.balanceOf(customerId)).available;
  const on = (day: string): void => world.clock.set(`${day}T00:20:00+08:00`);
  const expire = (asOf: string, key = asOf, definition = new ExpirePoints(world.clock, world.outbox)): Promise<Run> => {
    on(asOf);
    return carryOutRun(world.source, definition, { key, asOf });
  };
  const preview = (asOf: string): Promise<Run> => {
    on(asOf);
    return carryOutRun(world.source, new PreviewExpiry(world.clock), { key: newId(), asOf });
  };
  const notify = (asOf: string, key = asOf): Promise<Run> => {
    world.clock.set(`${asOf}T09:10:00+08:00`);
    return carryOutRun(world.source, new NotifyOfExpiry(world.clock), { key, asOf });
  };
  const sumsOf = ({ runId }: Run): Promise<object[]> =>
    world.db.query(
      `SELECT points_type, region, expires_on, lots, points FROM points.expiry_sum WHERE batch_id = $1
       ORDER BY points_type, region, expires_on`,
      [runId],
    );
  const awardOn = async (day: string, customerId: string, points: number): Promise<void> => {
    on(day);
    await world.award(customerId, points);
  };
  /** Whoever has points that end on 31 March 2026, and some that do not. */
  const aCrowdThatLoses = async (many: number): Promise<string[]> => {
    const ids = Array.from({ length: many }, () => newId());
    await keepCustomers(
      world.db,
      ids.map((customerId, i) => ({ customerId, region: i % 3 === 0 ? '450000' : '440000' })),
    );
    for (const [i, customerId] of ids.entries()) {
      await awardOn('2023-03-10', customerId, 4_000 + i);
      await awardOn('2024-05-10', customerId, 500);
    }
    return ids;
  };

  it('[PTS-11] go with the day after their last one, and of a lot exactly what nobody has used', async () => {
    const customerId = await world.aCustomer();
    await awardOn('2023-03-10', customerId, 5_000);
    await awardOn('2024-05-10', customerId, 1_000);
    await world.redeem(customerId, 4_200);
    expect((await expire('2026-03-31')).counts).toEqual({});
    expect(await available(customerId)).toBe(1_800);
    const run = await expire('2026-04-01');
    expect(run).toMatchObject({ status: 'completed', counts: { customers: 1, lots: 1, points: 800 } });
    expect(await world.account.balanceOf(customerId)).toMatchObject({ available: 1_000, qualifying: 6_000, debt: 0 });
    const [last] = (await ledgerOf(world.db)).slice(-1);
    expect(last).toMatchObject({
      kind: 'EXPIRY',
      points: -800,
      available_after: 1_000,
      idem_key: `exp:2026-03-31:SPENDING:OPERATOR:${run.runId}`,
      lines: ['CUST_AVAILABLE>BREAKAGE 800 2026-03-31'],
    });
    expect(await broken()).toEqual([]);
  });

  it('[PTS-11] are previewed as they will be cleared, by class, province and last day, and nothing is posted', async () => {
    const ids = await aCrowdThatLoses(5);
    await world.transaction.run((tx) =>
      world.facade.award(tx, {
        ...{ customerId: ids[0] ?? '', points: 70, pointsType: 'PROMOTION', funderId: 'PARTNER-7' },
        ...{ reference: 'gift', actorId: 'tester' },
      }),
    );
    const before = await ledgerOf(world.db);
    const seen = await preview('2027-06-01');
    expect(seen).toMatchObject({ status: 'completed', counts: { customers: 5, lots: 11, points: 22_580 } });
    expect(await ledgerOf(world.db)).toEqual(before);

    const cleared = await expire('2027-06-01');
    expect(cleared.counts).toEqual(seen.counts);
    expect(await sumsOf(cleared)).toEqual(await sumsOf(seen));
    expect(await sumsOf(seen)).toEqual([
      { points_type: 'SPENDING', region: '440000', expires_on: '2026-03-31', lots: 3, points: 12_007 },
      { points_type: 'SPENDING', region: '440000', expires_on: '2027-05-31', lots: 3, points: 1_500 },
      { points_type: 'SPENDING', region: '450000', expires_on: '2026-03-31', lots: 2, points: 8_003 },
      { points_type: 'SPENDING', region: '450000', expires_on: '2027-05-31', lots: 2, points: 1_000 },
      { points_type: 'PROMOTION', region: '450000', expires_on: '2027-05-31', lots: 1, points: 70 },
    ]);
    expect(await broken()).toEqual([]);
  });

  it('[PTS-11] are cleared once, however often the run comes', async () => {
    await aCrowdThatLoses(6);
    await expire('2026-04-01');
    const before = await ledgerOf(world.db);
    expect(await expire('2026-04-01')).toMatchObject({ status: 'completed', counts: { lots: 6 } });
    expect(await expire('2026-04-01', '2026-04-01.2')).toMatchObject({ status: 'completed', counts: {} });
    expect(await ledgerOf(world.db)).toEqual(before);
    expect(await broken()).toEqual([]);
  });

  it('[PTS-11] are cleared once when several runs race, and whoever spends meanwhile loses nothing twice', async () => {
    const ids = await aCrowdThatLoses(24);
    const issued = (await world.facade.totals()).issued;
    const small = (): ExpirePoints => new SmallSlices(world.clock, world.outbox);
    const runs = ['2026-04-01', '2026-04-01.2', '2026-04-01.3', '2026-04-01'].map((key) =>
      expire('2026-04-01', key, small()),
    );
    await Promise.all([...runs, ...ids.map((id) => world.redeem(id, 300))]);
    expect(await world.db.query(`SELECT DISTINCT status FROM platform.run`)).toEqual([{ status: 'completed' }]);
    const [{ cleared, lots } = { cleared: 0, lots: 0 }] = await world.db.query<{ cleared: number; lots: number }>(
      `SELECT sum(points)::bigint AS cleared, count(*) AS lots FROM points.posting WHERE credit = 'BREAKAGE'`,
    );
    expect({ cleared, lots }).toEqual({ cleared: issued - 24 * 500, lots: 24 });
    expect(await world.facade.totals()).toMatchObject({ outstanding: 24 * 200 });
    expect(await broken()).toEqual([]);
  });

  it('[PTS-11] end the same when the run was killed between slices, or its connection within one', async () => {
    await aCrowdThatLoses(20);
    const dead = await expire('2026-04-01', '2026-04-01', new Dying(world.clock, world.outbox));
    expect(dead).toMatchObject({ status: 'failed', progress: { slicesTotal: 5, slicesDone: 2 } });
    expect(await broken()).toEqual([]);
    let ended = 0;
    const end = async (pid: number): Promise<void> => {
      ended += (await world.db.query('SELECT pg_terminate_backend($1)', [pid])).length;
    };
    // Whether the worker sees an outage or tries its slice again depends on when it hears of it.
    await expire('2026-04-01', '2026-04-01', new Disconnected(end, world.clock, world.outbox)).catch(() => undefined);
    expect(ended).toBe(1);
    expect(await broken()).toEqual([]);
    const resumed = await expire('2026-04-01', '2026-04-01', new SmallSlices(world.clock, world.outbox));
    expect(resumed).toMatchObject({
      status: 'completed',
      counts: { customers: 20, lots: 20, points: 20 * 4_000 + 190 },
    });
    expect(await sumsOf(resumed)).toEqual([
      expect.objectContaining({ region: '440000', lots: 13 }),
      expect.objectContaining({ region: '450000', lots: 7 }),
    ]);
    expect(await world.facade.totals()).toMatchObject({ outstanding: 20 * 500 });
    expect(await broken()).toEqual([]);
  });

  it('[PTS-11] wait while they are held, and go once their hold has let them go', async () => {
    const customerId = await world.aCustomer();
    await awardOn('2023-03-10', customerId, 5_000);
    on('2026-03-31');
    const asked = {
      customerId,
      requestHash: '-',
      businessDate: '2026-03-31',
      occurredAt: world.clock.now(),
      recordedAt: world.clock.now(),
    };
    const holdId = newId();
    await world.single.authorise(world.transaction, {
      ...{ ...asked, journalId: newId(), idemKey: 'hold', holdId, purpose: 'POS' as const, points: 1_200 },
      expiresAt: new Date('2026-04-02T00:00:00+08:00'),
    });
    expect((await expire('2026-04-01')).counts).toMatchObject({ lots: 1, points: 3_800 });
    expect(await world.account.balanceOf(customerId)).toMatchObject({ available: 0, held: 1_200 });
    on('2026-04-02');
    await world.single.release(world.transaction, {
      ...{ ...asked, journalId: newId(), idemKey: 'void', holdId, as: 'VOIDED' as const, businessDate: '2026-04-02' },
      recordedAt: world.clock.now(),
    });
    expect(await broken()).toEqual([]);
    await expect(world.redeem(customerId, 1)).rejects.toMatchObject({ code: 'points.insufficient' });
    expect((await expire('2026-04-03')).counts).toMatchObject({ lots: 1, points: 1_200 });
    expect(await world.account.balanceOf(customerId)).toMatchObject({ available: 0, held: 0 });
    expect(await broken()).toEqual([]);
  });

  it('[PTS-11] stay for the days of grace of the rules, though nobody can use them', async () => {
    const customerId = await world.aCustomer();
    await awardOn('2023-03-10', customerId, 5_000);
    await world.db.query(`UPDATE points.earn_rule_set SET rules = rules || '{"expiryGraceDays": 30}'`);
    expect((await expire('2026-04-30')).counts).toEqual({});
    await expect(world.redeem(customerId, 1)).rejects.toMatchObject({ code: 'points.insufficient' });
    expect(await broken()).toEqual([]);
    expect((await expire('2026-05-01')).counts).toMatchObject({ points: 5_000 });
    expect(await broken()).toEqual([]);
  });

  it('[PTS-11] come by themselves each night, are told of once, and refuse the key of another day', async () => {
    const { schedule } = new ExpirePoints(world.clock, world.outbox);
    expect(schedule?.due(new Date('2026-11-30T16:20:00Z'))).toEqual({
      key: '2026-12-01',
      asOf: '2026-12-01',
      parameters: {},
    });
    await aCrowdThatLoses(2);
    const { runId } = await expire('2026-04-01');
    expect(
      await world.db.query(`SELECT name, payload FROM platform.outbox WHERE name NOT LIKE '%PointsEarned'`),
    ).toEqual([{ name: 'points.PointsExpired', payload: { runId, asOf: '2026-04-01' } }]);
    for (const key of ['december', '2026-04-02']) {
      expect(await expire('2026-04-03', key)).toMatchObject({
        status: 'failed',
        error: expect.stringContaining('run.key-refused'),
      });
    }
  });

  it('are missed by the proof when they went too early, stayed too long or came back twice', async () => {
    const [first = ''] = await aCrowdThatLoses(3);
    const run = await expire('2026-04-01');
    expect(await broken()).toEqual([]);
    await world.db.query(
      `UPDATE points.expiry_batch SET grace_days = 60, expires_before = as_of - 60 WHERE batch_id = $1`,
      [run.runId],
    );
    expect(await broken()).toContain('I10-early');
    await world.db.query(`UPDATE points.expiry_batch SET grace_days = 0, expires_before = as_of`);
    expect(await broken()).toEqual([]);
    await world.db.query(
      `UPDATE points.point_bucket SET expires_on = '2026-01-31' WHERE customer_id = $1 AND remaining > 0`,
      [first],
    );
    expect(await broken()).toContain('I10-late');
    await world.db.query(
      `UPDATE points.point_bucket SET expires_on = '2027-05-31' WHERE customer_id = $1 AND remaining > 0`,
      [first],
    );
    expect(await broken()).toEqual([]);
    await world.db.query(
      `WITH back AS (
         UPDATE points.journal SET kind = 'EXPIRY_REVERSAL', reverses_journal_id = journal_id
         WHERE customer_id = $1 AND kind = 'EXPIRY' RETURNING journal_id)
       UPDATE points.posting SET debit = 'BREAKAGE', credit = 'CUST_AVAILABLE' WHERE journal_id IN (SELECT journal_id FROM back)`,
      [first],
    );
    expect(await broken()).toContain('I10-back');
  });

  describe('and customers are told', () => {
    const told = (customerId: string): Promise<object[]> =>
      world.db.query(
        `SELECT expires_on, days_before, points, noticed_on FROM points.expiry_notice WHERE customer_id = $1 ORDER BY noticed_on`,
        [customerId],
      );

    it('[PTS-27] 90, 30 and 7 days before, each once, of what there is then', async () => {
      const customerId = await world.aCustomer();
      await awardOn('2023-03-10', customerId, 5_000);
      await awardOn('2023-04-10', customerId, 100); // a month later
      for (let day = new Date('2025-12-25T00:00:00Z'); day < new Date('2026-04-02T00:00:00Z'); day = plus(day, 1)) {
        const asOf = day.toISOString().slice(0, 10);
        expect((await notify(asOf)).status).toBe('completed');
        if (asOf === '2026-02-15') await world.redeem(customerId, 3_000);
      }
      expect(await told(customerId)).toEqual([
        { expires_on: '2026-03-31', days_before: 90, points: 5_000, noticed_on: '2025-12-31' },
        { expires_on: '2026-04-30', days_before: 90, points: 100, noticed_on: '2026-01-30' },
        { expires_on: '2026-03-31', days_before: 30, points: 2_000, noticed_on: '2026-03-01' },
        { expires_on: '2026-03-31', days_before: 7, points: 2_000, noticed_on: '2026-03-24' },
        { expires_on: '2026-04-30', days_before: 30, points: 100, noticed_on: '2026-03-31' },
      ]);
      const [notice] = await world.db.query<{ en: string; zh: string }>(
        'SELECT en, zh FROM points.expiry_notice_template WHERE days_before = 7',
      );
      expect(notice && wordsOfNotice(notice, { points: 2_000, expiresOn: '2026-03-31' })).toEqual({
        zh: '尊敬的客户:您有2000积分(价值40.00元)即将于2026年3月31日到期清零,到期后不可使用。',
        en: 'Dear customer, 2000 of your points (worth 40.00 yuan) are about to expire: 2026-03-31 is the last day to use them.',
      });
      const events = await world.db.query<{ payload: object }>(
        `SELECT payload FROM platform.outbox WHERE name = 'points.ExpiryNotified' ORDER BY position`,
      );
      expect(events).toHaveLength(5);
      expect(events[0]?.payload).toEqual({
        customerId,
        noticeId: expect.any(String),
        expiresOn: '2026-03-31',
        daysBefore: 90,
        points: 5_000,
      });
    });

    it('[PTS-27] not of points that wait for their bill to be paid, nor are these in the schedule', async () => {
      await world.db.query(`UPDATE points.earn_rule_set SET rules = rules || '{"creditWhen": "SETTLED"}'`);
      const customerId = await world.aCustomer();
      await world.keepBills([{ customerId, billNo: 'unpaid', cycle: '2023-03', netSpendFen: 50_000 }]);
      await world.accrue('2023-03', '2023-04-06');
      expect(await world.account.balanceOf(customerId)).toMatchObject({ available: 0, pending: 500 });
      expect(await world.account.expiryOf(customerId)).toEqual([]);
      expect((await notify('2026-03-24')).counts).toEqual({});
      expect(await told(customerId)).toEqual([]);
      expect((await expire('2026-04-01')).counts).toEqual({});
      expect(await broken()).toEqual([]);
    });

    it('[PTS-27] by the nearest notice alone when nobody looked in time, and not once they have left or used all', async () => {
      const [late, gone, spent] = [await world.aCustomer(), await world.aCustomer(), await world.aCustomer()];
      for (const each of [late, gone, spent]) await awardOn('2023-03-10', each, 5_000);
      await world.redeem(spent, 5_000);
      await world.close(gone);
      await Promise.all([notify('2026-03-20'), notify('2026-03-20', 'again'), notify('2026-03-20', 'and again')]);
      expect(await told(late)).toEqual([
        { expires_on: '2026-03-31', days_before: 30, points: 5_000, noticed_on: '2026-03-20' },
      ]);
      expect(await told(gone)).toEqual([]);
      expect(await told(spent)).toEqual([]);
    });
  });

  describe('and were cleared by mistake', () => {
    const people = { asker: EVERYBODY, approver: EVERYBODY, provincial: { ...NOBODY, provinces: ['440000'] } };
    let served: Awaited<ReturnType<typeof serveApprovals>>;
    let runs: Runs;

    const serve = async (): Promise<void> => {
      const definitions: Readonly<Record<string, object>> = {
        'points.give-back-expired': new GiveBackExpired(world.clock, world.outbox),
      };
      const registry = { of: (kind: string) => definitions[kind] } as unknown as RunRegistry;
      served = await serveApprovals(world.source, {
        modules: [CustomersModule, PointsModule],
        approvals: ['points.reverse-expiry'],
        people,
        permissions: [
          'points.read',
          'points.run',
          'points.report',
          'points.approve',
          'organization.read',
          'organization.approve',
        ],
        clock: world.clock,
        ground: [
          { provide: OrganizationFacade, useValue: {} },
          {
            provide: Runs,
            inject: [Database, Transaction],
            useFactory: (database: Database, transaction: Transaction) =>
              new Runs(database, transaction, { add: () => Promise.resolve() } as unknown as Jobs, registry),
          },
        ],
      });
      runs = served.app.get(Runs, { strict: false });
      giveBack = async (runId) => {
        await new ExecuteRunJob(new Database(world.source), new Transaction(world.source), registry).process(
          { runId },
          { stopping: new AbortController().signal },
        );
        return runs.get(runId);
      };
    };
    let giveBack: (runId: string) => Promise<Run>;
    afterEach(() => served.app.close());

    const ask = (batchId: string, usableUntil = '2026-06-30') =>
      served.call('asker', 'POST', `${BASE}/expiryBatch/${batchId}/reversal`, {
        usableUntil,
        reason: 'A month too early',
      });
    const decide = (who: string, approvalHref: string) => served.call(who, 'POST', `${approvalHref}/approve`, {});

    it('[PTS-11] they come back whole once somebody else has approved it, usable until the day that was agreed', async () => {
      const ids = await aCrowdThatLoses(4);
      const [rich, debtor, gone] = ids as [string, string, string, string];
      await world.keepBills([{ customerId: debtor, billNo: 'big', cycle: '2025-12', netSpendFen: 100_000 }]);
      await world.accrue('2025-12', '2026-01-06');
      const batch = await expire('2026-04-01');
      // One has left since, one owes points.
      await world.close(gone);
      await world.redeem(debtor, 1_500);
      await world.keepBills([{ customerId: debtor, billNo: 'big', cycle: '2025-12', netSpendFen: 20_000, version: 2 }]);
      await world.accrue('2025-12.2', '2026-04-01');
      expect(await world.account.balanceOf(debtor)).toMatchObject({ available: 0, debt: 800 });
      await serve();

      const asked = await ask(batch.runId);
      expect(asked.status).toBe(202);
      const { approvalHref } = asked.body;
      expect((await decide('asker', approvalHref)).body).toMatchObject({ code: 'approval.own-request' });
      expect((await decide('provincial', approvalHref)).status).not.toBe(200);
      const approved = await decide('approver', approvalHref);
      expect(approved.status).toBe(200);
      const { runId } = approved.body.result;
      expect((await served.call('asker', 'GET', `${BASE}/expiryBatch/${batch.runId}`)).body.state).toBe('REVERSING');
      expect(await giveBack(runId)).toMatchObject({ status: 'completed', counts: { lots: 3, points: 3 * 4_000 + 4 } });
      expect((await served.call('asker', 'GET', `${BASE}/expiryBatch/${batch.runId}`)).body).toMatchObject({
        state: 'REVERSED',
        points: 16_006,
        returned: 12_004,
        usableUntil: '2026-06-30',
      });
      expect(await world.account.expiryOf(rich)).toMatchObject([
        { expiresOn: '2026-06-30', pointsType: 'SPENDING', funderId: 'OPERATOR', points: 4_000 },
        { expiresOn: '2027-05-31', points: 500 },
      ]);
      expect(await world.account.balanceOf(debtor)).toMatchObject({ available: 3_201, debt: 0 });
      expect(await world.account.balanceOf(gone)).toMatchObject({ available: 0, status: 'CLOSED' });
      expect(await broken()).toEqual([]);

      await world.redeem(rich, 4_100);
      // Again it is nothing new; and what is not used by then goes again.
      await giveBack(runId);
      expect((await ask(batch.runId)).body).toMatchObject({ code: 'points.expiry-batch-not-reversible' });
      expect((await expire('2026-06-30')).counts).toEqual({});
      expect((await expire('2026-07-01')).counts).toMatchObject({ customers: 2 });
      expect(await broken()).toEqual([]);
    });

    it('[PTS-11] they come back once, though two requests were approved', async () => {
      await aCrowdThatLoses(2);
      const batch = await expire('2026-04-01');
      await serve();
      const asked = [await ask(batch.runId), await ask(batch.runId, '2026-07-31')];
      const answers = await Promise.all(asked.map(({ body }) => decide('approver', body.approvalHref)));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
      const done = answers.find(({ status }) => status === 200);
      await Promise.all([giveBack(done?.body.result.runId), giveBack(done?.body.result.runId)]);
      expect(await world.facade.totals()).toMatchObject({ outstanding: 2 * 4_500 + 1 });
      expect(await broken()).toEqual([]);
    });

    it('[PTS-27] they stay gone without an approval, for a preview and for a day that is none; all is told over the API', async () => {
      const losers = await aCrowdThatLoses(2);
      const seen = await preview('2026-04-01');
      const batch = await expire('2026-04-01');
      await serve();
      expect((await ask(newId())).status).toBe(404);
      expect((await ask(seen.runId)).body).toMatchObject({ code: 'points.expiry-batch-not-reversible' });
      for (const day of ['2026-03-31', '2027-04-03']) {
        expect((await ask(batch.runId, day)).body).toMatchObject({ code: 'points.invalid-usable-until' });
      }
      const { run } = await runs.start({ kind: 'points.give-back-expired', key: batch.runId, asOf: '2026-04-01' });
      expect(await giveBack(run.runId)).toMatchObject({
        status: 'failed',
        error: expect.stringContaining('points.expiry-batch-not-reversible'),
      });
      expect(await world.facade.totals()).toMatchObject({ outstanding: 2 * 500 });
      const entries = await served.call('asker', 'GET', `${BASE}/account/${losers[0]}/entry?kind=EXPIRY`);
      expect(entries.body).toMatchObject([{ kind: 'EXPIRY', points: -4_000, availableAfter: 500 }]);
      await notify('2027-03-10');
      const notices = await served.call('asker', 'GET', `${BASE}/account/${losers[0]}/expiryNotice?daysBefore=90`);
      expect(notices.body).toMatchObject([
        {
          ...{ '@type': 'ExpiryNotice', expiresOn: '2027-05-31', daysBefore: 90, points: 500, valueInFen: 1_000 },
          words: { en: 'Dear customer, 500 of your points (worth 10.00 yuan) can be used until 2027-05-31.' },
        },
      ]);
      const list = await served.call('asker', 'GET', `${BASE}/expiryBatch?state=PREVIEWED`);
      expect(list.body).toMatchObject([{ id: seen.runId, lots: 2, points: 8_001, valueInFen: 16_002 }]);
      expect((await served.call('asker', 'GET', `${BASE}/expiryBatch/${seen.runId}`)).body.sum).toEqual([
        {
          pointsType: 'SPENDING',
          region: '440000',
          expiresOn: '2026-03-31',
          lots: 1,
          points: 4_001,
          valueInFen: 8_002,
        },
        {
          pointsType: 'SPENDING',
          region: '450000',
          expiresOn: '2026-03-31',
          lots: 1,
          points: 4_000,
          valueInFen: 8_000,
        },
      ]);
      expect((await served.call('provincial', 'GET', `${BASE}/expiryBatch`)).body).toMatchObject({
        code: 'access.whole-operator-only',
      });
    });
  });
});

const plus = (day: Date, days: number): Date => new Date(day.getTime() + days * 86_400_000);
