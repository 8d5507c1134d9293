import { AccruePointsFromBills } from '../../../src/modules/points/application/earning/accrue-points-from-bills.run.js';
import { provePoints } from '../../../src/modules/points/application/proof/prove-points.js';
import type { Tx } from '../../../src/platform/database/index.js';
import type { Counts, Run, Slice } from '../../../src/platform/queues/index.js';
import { ledgerOf, pointsWorld } from './points-world.js';

class SmallSlices extends AccruePointsFromBills {
  override readonly sliceSize = 7;
  override readonly parallelSlices = 1;
}

/** Its worker dies in the middle of the third slice, as often as it is tried. */
class Dying extends SmallSlices {
  private slices = 0;

  override async slice(tx: Tx, run: Run<object>, slice: Slice): Promise<Counts> {
    this.slices += 1;
    const counts = await super.slice(tx, run, slice);
    if (this.slices >= 3) throw new Error('killed');
    return counts;
  }
}

describe('earning points from bills', () => {
  let world: Awaited<ReturnType<typeof pointsWorld>>;
  beforeEach(async () => {
    world = await pointsWorld();
  });
  afterEach(async () => {
    const proof = await provePoints(world.transaction);
    expect(proof.checks.filter(({ violations }) => violations > 0)).toEqual([]);
    await world.db.drop();
  });

  const available = async (customerId: string) => (await world.account.balanceOf(customerId)).available;

  it("[PTS-03] earns what the net spending, the level and the rules say, into the lot of the bill's month", async () => {
    const [ordinary, gold, refunded] = (await world.aCrowd([20_030, 20_030, -4_000])) as [string, string, string];
    await world.keepTier(gold, 'GOLD');
    const run = await world.accrue('2025-12');
    expect(run).toMatchObject({
      status: 'completed',
      ruleVersion: '1',
      counts: { bills: 3, postings: 2, points: 562 },
    });
    expect(await available(ordinary)).toBe(201);
    expect(await available(gold)).toBe(361);
    expect(await available(refunded)).toBe(0);
    expect(await world.account.expiryOf(gold)).toEqual([
      { expiresOn: '2028-12-31', pointsType: 'SPENDING', funderId: 'OPERATOR', points: 361, valueInFen: 722 },
    ]);
  });

  it('[PTS-03] earns nothing for what is collected for others', async () => {
    const customerId = await world.aCustomer();
    await world.keepBills([{ customerId, billNo: 'B', netSpendFen: 5_000, collectedForOthersFen: 9_900 }]);
    await world.accrue('2025-12');
    expect(await available(customerId)).toBe(50);
  });

  it('[CUS-08] lets the bills of a customer without a real name wait, and earns them after the registration', async () => {
    const customerId = await world.aCustomer('active', false);
    await world.keepBills([
      { customerId, billNo: 'old', cycle: '2024-12', netSpendFen: 7_000 },
      { customerId, billNo: 'first', cycle: '2025-01', netSpendFen: 5_000 },
      { customerId, billNo: 'last', netSpendFen: 20_000 },
    ]);
    expect(await world.accrue('2025-12')).toMatchObject({ counts: { bills: 0, points: 0 } });
    expect(await ledgerOf(world.db)).toEqual([]);
    await expect(world.redeem(customerId, 500)).rejects.toMatchObject({ code: 'points.real-name-needed' });
    await expect(world.award(customerId, 500)).rejects.toMatchObject({ code: 'points.real-name-needed' });

    await world.keepRealName(customerId, true);
    // The run looks eleven months back: what is older has lapsed.
    expect(await world.accrue('2025-12.2')).toMatchObject({ counts: { bills: 2, points: 250 } });
    expect(await world.accrue('2025-12.3')).toMatchObject({ counts: { bills: 0, points: 0 } });
    expect(await available(customerId)).toBe(250);
  });

  it('[CUS-08] takes back what was earned too much also when the real name has gone meanwhile, and gives nothing', async () => {
    const customerId = await world.aCustomer();
    await world.keepBills([
      { customerId, billNo: 'a', netSpendFen: 10_000 },
      { customerId, billNo: 'b', netSpendFen: 10_000 },
    ]);
    await world.accrue('2025-12');
    await world.keepRealName(customerId, false);
    await world.keepBills([
      { customerId, billNo: 'a', version: 2, netSpendFen: 4_000 },
      { customerId, billNo: 'b', version: 2, netSpendFen: 30_000 },
    ]);
    expect(await world.accrue('2025-12.2')).toMatchObject({ counts: { bills: 1, takenBack: 60 } });
    expect(await available(customerId)).toBe(140);
    await world.keepRealName(customerId, true);
    expect(await world.accrue('2025-12.3')).toMatchObject({ counts: { bills: 1, points: 200 } });
    expect(await available(customerId)).toBe(340);
  });

  it('[PTS-33] changes nothing when it is run again, under the same key or another', async () => {
    await world.aCrowd([10_000, 50, 0, 123_456]);
    await world.accrue('2025-12');
    const before = await ledgerOf(world.db);
    await world.accrue('2025-12');
    expect(await world.accrue('2025-12.2')).toMatchObject({ status: 'completed', counts: { bills: 0, postings: 0 } });
    expect(await ledgerOf(world.db)).toEqual(before);
    expect(before).toHaveLength(4);
  });

  it('[PTS-33] ends the same when it was killed between slices', async () => {
    await world.aCrowd(Array.from({ length: 40 }, (_, i) => i * 777));
    const dead = await world.accrue('2025-12', '2026-02-01', new Dying(world.clock, world.outbox));
    expect(dead.status).toBe('failed');
    expect(dead.progress).toMatchObject({ slicesTotal: 6, slicesDone: 2 });
    const resumed = await world.accrue('2025-12', '2026-02-01', new SmallSlices(world.clock, world.outbox));
    expect(resumed).toMatchObject({ status: 'completed', counts: { bills: 40 } });
    const ledger = await ledgerOf(world.db);

    // The same facts, never killed, in one slice.
    await world.db.query('TRUNCATE points.journal, points.posting, points.point_account, points.point_bucket');
    await world.db.query('TRUNCATE platform.run CASCADE');
    const whole = await world.accrue('2025-12');
    expect(whole.checksum).toBe(resumed.checksum);
    expect(await ledgerOf(world.db)).toEqual(ledger);
  });

  it('[PTS-33] posts what a corrected bill should have earned more', async () => {
    const [customerId] = (await world.aCrowd([10_000])) as [string];
    await world.accrue('2025-12');
    await world.keepBills([{ customerId, billNo: '2025-12-0', netSpendFen: 15_000, version: 2 }]);
    const run = await world.accrue('2026-01');
    expect(run.counts).toMatchObject({ bills: 1, points: 50 });
    expect(await available(customerId)).toBe(150);
    expect((await world.account.expiryOf(customerId)).map(({ expiresOn }) => expiresOn)).toEqual(['2028-12-31']);
    expect((await ledgerOf(world.db)).map((entry) => Reflect.get(entry, 'kind'))).toEqual(['EARN', 'EARN_CORRECTION']);
  });

  it('[PTS-33] takes back what a corrected bill should not have earned, out of its own lot', async () => {
    const [customerId] = (await world.aCrowd([10_000], '2025-11')) as [string];
    await world.keepBills([{ customerId, billNo: 'next', netSpendFen: 20_000 }]);
    await world.accrue('2025-12');
    await world.keepBills([{ customerId, billNo: 'next', netSpendFen: 5_000, version: 2 }]);
    expect((await world.accrue('2026-01')).counts).toMatchObject({ bills: 1, points: -150, takenBack: 150 });
    expect(await world.account.expiryOf(customerId)).toMatchObject([
      { expiresOn: '2028-11-30', points: 100 },
      { expiresOn: '2028-12-31', points: 50 },
    ]);
    // A bill that turned negative earns nothing, no less.
    await world.keepBills([{ customerId, billNo: 'next', netSpendFen: -70_000, version: 3 }]);
    await world.accrue('2026-01.2');
    expect(await available(customerId)).toBe(100);
  });

  it('[PTS-33] makes a debt of points that were spent already, which the next points repay', async () => {
    const [customerId] = (await world.aCrowd([400_000])) as [string];
    await world.accrue('2025-12');
    await world.redeem(customerId, 3_900);
    await world.keepBills([{ customerId, billNo: '2025-12-0', netSpendFen: 350_100, version: 2 }]);
    await world.accrue('2025-12.2');
    expect(await world.account.balanceOf(customerId)).toMatchObject({ available: 0, debt: 399, qualifying: 3_501 });
    await expect(world.redeem(customerId, 1)).rejects.toMatchObject({ code: 'points.insufficient' });
    await world.keepBills([{ customerId, billNo: 'B2', netSpendFen: 60_000, cycle: '2026-01' }]);
    await world.accrue('2026-01');
    expect(await world.account.balanceOf(customerId)).toMatchObject({ available: 201, debt: 0, qualifying: 4_101 });
  });

  it('[PTS-33] settles several corrections of one customer at once', async () => {
    const customerId = await world.aCustomer();
    const bills = ['A', 'B', 'C', 'D'].map((billNo, i) => ({ customerId, billNo, netSpendFen: (i + 1) * 100_000 }));
    await world.keepBills(bills);
    await world.accrue('2025-12');
    expect(await available(customerId)).toBe(10_000);
    await world.redeem(customerId, 9_500);
    await world.keepBills([
      { customerId, billNo: 'A', netSpendFen: 150_000, version: 2 },
      { customerId, billNo: 'B', netSpendFen: 50_000, version: 2 },
      { customerId, billNo: 'D', netSpendFen: 0, version: 2 },
    ]);
    await world.accrue('2025-12.2');
    // 1,500 + 500 + 3,000 + 0 were right, 9,500 are spent.
    expect(await world.account.balanceOf(customerId)).toMatchObject({ available: 0, debt: 4_500, qualifying: 5_000 });
  });

  it('[PTS-33] takes back the points of a bill that another one has replaced', async () => {
    const [customerId] = (await world.aCrowd([10_000])) as [string];
    await world.accrue('2025-12');
    await world.db.query('UPDATE usage.customer_bill SET is_current = false');
    await world.keepBills([{ customerId, billNo: 'replacement', netSpendFen: 12_000 }]);
    await world.accrue('2025-12.2');
    expect(await available(customerId)).toBe(120);
    expect((await world.accrue('2025-12.3')).counts).toMatchObject({ bills: 0 });
  });

  it('[PTS-02] judges a month by the rules that were in force then', async () => {
    await world.db.query(`UPDATE points.earn_rule_set SET effective_to = '2025-12-01'`);
    await world.db.query(
      `INSERT INTO points.earn_rule_set SELECT 2, '2025-12-01', 'infinity', jsonb_set(rules, '{fenPerPoint}', '50'), author,
         approved_by, created_at FROM points.earn_rule_set`,
    );
    const [before] = (await world.aCrowd([10_000], '2025-11')) as [string];
    const [after] = (await world.aCrowd([10_000], '2025-12')) as [string];
    await world.accrue('2025-12');
    expect([await available(before), await available(after)]).toEqual([100, 200]);
  });

  it('[PTS-02] lets a bill keep the level with which it first earned', async () => {
    const [customerId] = (await world.aCrowd([10_000])) as [string];
    await world.keepTier(customerId, 'SILVER');
    await world.accrue('2025-12');
    await world.replaceTier(customerId, 'DIAMOND');
    await world.keepBills([{ customerId, billNo: '2025-12-0', netSpendFen: 20_000, version: 2 }]);
    await world.accrue('2025-12.2');
    expect(await available(customerId)).toBe(300);
  });

  it('gives nothing to a customer who has left', async () => {
    const [customerId] = (await world.aCrowd([10_000])) as [string];
    await world.close(customerId);
    expect((await world.accrue('2025-12')).counts).toMatchObject({ bills: 0, points: 0 });
  });

  it.each([
    ['2026-03-06T03:30:00+08:00', '2026-02', '2026-03-06'],
    ['2026-01-06T03:30:00+08:00', '2025-12', '2026-01-06'],
    ['2026-02-28T23:59:59.999+08:00', '2026-01', '2026-02-28'],
    ['2026-03-01T00:00:00+08:00', '2026-02', '2026-03-01'],
    ['2025-12-31T23:59:59.999+08:00', '2025-11', '2025-12-31'],
    ['2026-01-01T00:00:00+08:00', '2025-12', '2026-01-01'],
    ['2025-12-31T16:00:00Z', '2025-12', '2026-01-01'],
  ])('[PTS-33] comes by itself for the month that is over: at %s for %s', (now, key, asOf) => {
    const { schedule } = new AccruePointsFromBills(world.clock, world.outbox);
    expect(schedule?.due(new Date(now))).toEqual({ key, asOf, parameters: { onlyWithBillsOf: `${key}-01` } });
  });

  it('[PTS-33] that comes by itself waits for the bills of its month', async () => {
    const [customerId] = (await world.aCrowd([10_000])) as [string];
    const scheduled = () => world.accrue('2025-12', '2026-02-01', undefined, { onlyWithBillsOf: '2025-12-01' });
    expect(await scheduled()).toMatchObject({ status: 'failed', error: expect.stringContaining('month-not-loaded') });
    expect(await ledgerOf(world.db)).toEqual([]);
    await world.db.query(
      `INSERT INTO usage.customer_month (customer_id, month, spend_fen) VALUES ($1, '2025-12-01', 10000)`,
      [customerId],
    );
    expect(await scheduled()).toMatchObject({ status: 'completed', counts: { points: 100 } });
  });

  it('announces itself once', async () => {
    await world.aCrowd([10_000, 10_000]);
    const run = await world.accrue('2025-12');
    expect(await world.db.query(`SELECT name, payload FROM platform.outbox WHERE name LIKE 'points.%'`)).toEqual([
      { name: 'points.PointsAccrued', payload: { runId: run.runId, cycle: '2025-12' } },
    ]);
  });

  it('refuses a key that is no month', async () => {
    expect(await world.accrue('december')).toMatchObject({
      status: 'failed',
      error: expect.stringContaining('run.key-refused'),
    });
  });

  it('[PTS-33] loses nothing while customers redeem', async () => {
    const ids = await world.aCrowd(
      Array.from({ length: 60 }, () => 500_000),
      '2025-11',
    );
    await world.accrue('2025-11');
    for (const [i, customerId] of ids.entries()) {
      await world.keepBills([{ customerId, billNo: `late-${i}`, netSpendFen: 100_000 }]);
      await world.keepBills([
        { customerId, billNo: `2025-11-${i}`, cycle: '2025-11', netSpendFen: 400_000, version: 2 },
      ]);
    }
    const redemptions = ids.map((id) => world.redeem(id, 700));
    const [run] = await Promise.all([
      world.accrue('2025-12', '2026-02-01', new SmallSlices(world.clock, world.outbox)),
      ...redemptions,
    ]);
    expect(run).toMatchObject({ status: 'completed', counts: { bills: 120 } });
    const totals = await world.facade.totals();
    expect(totals).toMatchObject({ issued: 60 * 5_000, outstanding: 60 * 4_300 });
  });
});
