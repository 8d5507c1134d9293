import { AccruePointsFromBills } from '../../../src/modules/points/application/earning/accrue-points-from-bills.run.js';
import { ActivatePoints } from '../../../src/modules/points/application/earning/activate-points.run.js';
import { provePoints } from '../../../src/modules/points/application/proof/prove-points.js';
import type { Tx } from '../../../src/platform/database/index.js';
import type { Counts, Run, Slice } from '../../../src/platform/queues/index.js';
import { carryOutRun } from '../../support/carry-out-run.js';
import { eventually } from '../../support/eventually.js';
import { activate, keepBillsOf, keepFacts, keepRules, pay, plentiful } from './earning-facts.js';
import { ledgerOf, pointsWorld, wiredTo } from './points-world.js';

const SETTLED = { ...plentiful, joinAbove: 100, creditWhen: 'SETTLED' };

/** Its worker dies in the middle of the second slice. */
class Dying extends ActivatePoints {
  override readonly sliceSize = 5;
  private slices = 0;

  override async slice(tx: Tx, run: Run, slice: Slice): Promise<Counts> {
    this.slices += 1;
    const counts = await super.slice(tx, run, slice);
    if (this.slices >= 2) throw new Error('killed');
    return counts;
  }
}

/** The monthly run for one customer, so that it does not wait for others. */
class OnlyOf extends AccruePointsFromBills {
  constructor(
    private readonly customerId: string,
    { clock, outbox }: Awaited<ReturnType<typeof pointsWorld>>,
  ) {
    super(clock, outbox);
  }

  override slice(tx: Tx, run: Run<object>, slice: Slice): Promise<Counts> {
    return super.slice(tx, run, {
      ...slice,
      from: this.customerId,
      to: `${this.customerId.slice(0, -12)}ffffffffffff`,
    });
  }
}

describe('points that wait for their bill to be paid', () => {
  let world: Awaited<ReturnType<typeof pointsWorld>>;
  beforeEach(async () => {
    world = await pointsWorld();
    await keepRules(world.db, SETTLED);
  });
  afterEach(async () => {
    const proof = await provePoints(world.transaction);
    expect(proof.checks.filter(({ violations }) => violations > 0)).toEqual([]);
    await world.db.drop();
  });

  const balance = async (customerId: string) => {
    const { available, pending, debt, qualifying } = await world.account.balanceOf(customerId);
    return { available, pending, debt, qualifying };
  };
  const billed = async (charges = { monthlyFee: 10_000 }): Promise<string> => {
    const customerId = await world.aCustomer();
    await keepFacts(world.db, [{ customerId, tier: 'ORDINARY', creditGrade: 'A' }]);
    await keepBillsOf(world.db, [{ customerId, billNo: 'B', charges }]);
    await world.accrue('2025-12');
    return customerId;
  };

  it('[PTS-33] cannot be used before, and can be after', async () => {
    const customerId = await billed();
    expect(await balance(customerId)).toEqual({ available: 0, pending: 150, debt: 0, qualifying: 150 });
    await expect(world.redeem(customerId, 10)).rejects.toMatchObject({ code: 'points.insufficient' });
    expect(await activate(world, 'before')).toMatchObject({ counts: { bills: 0, activated: 0 } });
    await pay(world.db, customerId, 'B', 9_999);
    expect(await activate(world, 'in part')).toMatchObject({ counts: { bills: 0, activated: 0 } });
    await pay(world.db, customerId, 'B', 1, '2026-01-25');
    expect(await activate(world)).toMatchObject({ status: 'completed', counts: { bills: 1, activated: 150 } });
    expect(await balance(customerId)).toEqual({ available: 150, pending: 0, debt: 0, qualifying: 150 });
    expect((await world.account.expiryOf(customerId)).map(({ pointsType, points }) => [pointsType, points])).toEqual([
      ['SPENDING', 100],
      ['CREDIT', 50],
    ]);
    await world.redeem(customerId, 10);
  });

  it('[PTS-33] counts what was paid until the day of the run', async () => {
    const customerId = await billed();
    await pay(world.db, customerId, 'B', 10_000, '2026-02-02');
    expect(await activate(world, 'the day before', '2026-02-01')).toMatchObject({ counts: { activated: 0 } });
    expect(await activate(world, 'the day', '2026-02-02')).toMatchObject({ counts: { activated: 150 } });
  });

  it('[PTS-33] is activated once, by the same run, by another and by two at once', async () => {
    const customerId = await billed();
    await pay(world.db, customerId, 'B', 10_000);
    const elsewhere = { source: await world.db.dataSource(), clock: world.clock };
    await Promise.all([activate(world, 'one'), activate(elsewhere, 'two'), world.accrue('2025-12.2')]);
    const once = await ledgerOf(world.db);
    await activate(world, 'one');
    expect(await activate(world, 'three')).toMatchObject({ counts: {} });
    expect(await ledgerOf(world.db)).toEqual(once);
    expect(once.map((entry) => Reflect.get(entry, 'kind'))).toEqual(['EARN', 'ACTIVATION']);
    expect(await balance(customerId)).toEqual({ available: 150, pending: 0, debt: 0, qualifying: 150 });
  });

  it('[PTS-33] repays a debt when it is activated', async () => {
    const customerId = await billed({ monthlyFee: 20_000 });
    await pay(world.db, customerId, 'B', 20_000);
    await activate(world, 'first');
    await world.redeem(customerId, 240);
    await keepBillsOf(world.db, [
      { customerId, billNo: 'B', version: 2, charges: { monthlyFee: 10_000 } },
      { customerId, billNo: 'C', charges: { monthlyFee: 3_000 } },
      { customerId, billNo: 'D', charges: { monthlyFee: 5_000 } },
    ]);
    await world.accrue('2025-12.2');
    expect(await balance(customerId)).toEqual({ available: 0, pending: 180, debt: 90, qualifying: 330 });
    await pay(world.db, customerId, 'C', 3_000);
    await pay(world.db, customerId, 'D', 5_000);
    expect(await activate(world, 'second')).toMatchObject({ counts: { bills: 2, activated: 180 } });
    expect(await balance(customerId)).toEqual({ available: 90, pending: 0, debt: 0, qualifying: 330 });
  });

  it('[PTS-33] is what a correction takes first, and waits again for what a correction adds', async () => {
    const customerId = await billed({ monthlyFee: 20_000 });
    await pay(world.db, customerId, 'B', 20_000);
    await activate(world, 'first');
    await keepBillsOf(world.db, [{ customerId, billNo: 'B', version: 2, charges: { monthlyFee: 30_000 } }]);
    await world.accrue('2025-12.2');
    expect(await balance(customerId)).toEqual({ available: 250, pending: 100, debt: 0, qualifying: 350 });
    expect(await activate(world, 'owed')).toMatchObject({ counts: { activated: 0 } });
    await keepBillsOf(world.db, [{ customerId, billNo: 'B', version: 3, charges: { monthlyFee: 15_000 } }]);
    await world.accrue('2025-12.3');
    expect(await balance(customerId)).toEqual({ available: 200, pending: 0, debt: 0, qualifying: 200 });
    await keepBillsOf(world.db, [{ customerId, billNo: 'B', version: 4, charges: { monthlyFee: 20_000 } }]);
    await world.accrue('2025-12.4');
    expect(await activate(world, 'paid before')).toMatchObject({ counts: { bills: 1, activated: 50 } });
    expect(await balance(customerId)).toEqual({ available: 250, pending: 0, debt: 0, qualifying: 250 });
  });

  it('[PTS-01] is given up when the account closes', async () => {
    const customerId = await billed();
    await world.close(customerId);
    const [closure] = await world.db.query(
      `SELECT j.points, p.debit, p.credit, p.points_type FROM points.journal j JOIN points.posting p USING (customer_id, journal_id)
       WHERE j.kind = 'CLOSURE' ORDER BY p.points_type`,
    );
    expect(closure).toEqual({ points: -150, debit: 'CUST_PENDING', credit: 'CLOSED_FORFEIT', points_type: 'SPENDING' });
    expect(await balance(customerId)).toMatchObject({ available: 0, pending: 0 });
    await pay(world.db, customerId, 'B', 10_000);
    expect(await activate(world)).toMatchObject({ counts: {} });
  });

  it('[PTS-33] ends the same when the run was killed between slices', async () => {
    const ids = await world.aCrowd(Array.from({ length: 25 }, (_, i) => 1_000 + i * 100));
    await world.accrue('2025-12');
    for (const [i, customerId] of ids.entries()) await pay(world.db, customerId, `2025-12-${i}`, 1_000 + i * 100);
    const dead = await carryOutRun(world.source, new Dying(world.clock), { key: 'night', asOf: '2026-02-01' });
    expect(dead).toMatchObject({ status: 'failed', progress: { slicesDone: 1 } });
    expect(await activate(world, 'night')).toMatchObject({ status: 'completed', counts: { bills: 25 } });
    const [{ open } = { open: -1 }] = await world.db.query<{ open: number }>(
      'SELECT count(*) AS open FROM points.pending_lot WHERE pending > 0',
    );
    expect(open).toBe(0);
  });

  it('[PTS-01] loses nothing while customers redeem and bills are corrected', async () => {
    const ids = await world.aCrowd(Array.from({ length: 40 }, () => 100_000));
    await world.accrue('2025-12');
    for (const [i, customerId] of ids.entries()) await pay(world.db, customerId, `2025-12-${i}`, 100_000);
    await activate(world, 'first');
    await keepBillsOf(
      world.db,
      ids.flatMap((customerId, i) => [
        { customerId, billNo: `2025-12-${i}`, version: 2, charges: { monthlyFee: 60_000 } },
        { customerId, billNo: `next-${i}`, charges: { monthlyFee: 30_000 } },
      ]),
    );
    for (const [i, customerId] of ids.entries()) await pay(world.db, customerId, `next-${i}`, 30_000);
    const source = await world.db.dataSource();
    const elsewhere = wiredTo(source, world.clock);
    const outcomes = await Promise.all([
      ...ids.map((customerId) =>
        elsewhere.redeem(customerId, 700).then(
          () => 700,
          () => 0,
        ),
      ),
      world
        .accrue('2025-12.2')
        .then(() => activate(world, 'second'))
        .then(() => 0),
      activate({ source, clock: world.clock }, 'third').then(() => 0),
    ]);
    await activate(world, 'fourth');
    for (const [i, customerId] of ids.entries()) {
      const { available, pending, debt } = await balance(customerId);
      expect(available + pending - debt + (outcomes[i] ?? 0)).toBe(1_900);
      expect(pending).toBe(0);
    }
  });

  it('[PTS-01] is activated of those alone whom the run holds', async () => {
    const [held, late] = [await billed(), await world.aCustomer()];
    await pay(world.db, held, 'B', 10_000);
    let run: Promise<unknown> = Promise.resolve();
    await world.transaction.run(async (tx) => {
      await world.ledger.lock(tx, { customerId: held, idemKey: 'elsewhere', day: '2026-02-01' });
      run = activate({ source: await world.db.dataSource(), clock: world.clock }, 'waits');
      await eventually(async () => {
        const waiting = await world.db.query(
          `SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%pending_lot%'`,
        );
        return waiting.length > 0;
      });
      await keepBillsOf(world.db, [{ customerId: late, billNo: 'L', charges: { monthlyFee: 5_000 } }]);
      await pay(world.db, late, 'L', 5_000);
      await carryOutRun(await world.db.dataSource(), new OnlyOf(late, world), { key: '2025-12.2', asOf: '2026-02-01' });
    });
    expect(await run).toMatchObject({ status: 'completed', counts: { bills: 1, activated: 150 } });
    expect(await activate(world, 'later')).toMatchObject({ counts: { bills: 1 } });
  });

  it('[PTS-01] lets the proof see what waits without a bill, and what waits after its bill was activated', async () => {
    const customerId = await billed();
    await pay(world.db, customerId, 'B', 10_000);
    await activate(world);
    await world.db.query('UPDATE points.pending_lot SET pending = 5 WHERE customer_id = $1', [customerId]);
    const { checks } = await provePoints(world.transaction);
    expect(checks.filter(({ violations }) => violations > 0).map(({ id }) => id)).toEqual(['I19', 'I19-bill']);
    await world.db.query('UPDATE points.pending_lot SET pending = 0');
  });
});
