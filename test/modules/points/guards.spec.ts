import { newId } from '../../../src/platform/database/index.js';
import { takeFromBudgets } from '../../../src/modules/points/persistence/money/budgets.js';
import { lotOf, moneyWorld } from './money-world.js';

describe('what the points cost', () => {
  let world: Awaited<ReturnType<typeof moneyWorld>>;

  beforeEach(async () => {
    world = await moneyWorld();
    world.clock.set('2026-02-10T10:00:00+08:00');
  });
  afterEach(() => world.db.drop());

  const give = (customerId: string, points: number, pointsType: 'SPENDING' | 'TENURE' | 'PROMOTION' | 'GIFT') =>
    world.post(customerId, 'AWARD', [
      { debit: 'ISSUED', credit: 'CUST_AVAILABLE', points, lot: lotOf('2029-02-28', pointsType) },
    ]);
  const latest = async (guard: string) =>
    (await world.guards.readings(2026)).find((reading) => reading.guard === guard);
  const alarms = () =>
    world.db.query(`SELECT payload ->> 'guard' AS guard, payload ->> 'level' AS level FROM platform.outbox
      WHERE name = 'points.GuardReached' ORDER BY position`);
  const promote = (customerId: string) =>
    world.transaction.run(async (tx) => {
      const use = { useId: newId(), kind: 'PROMOTION', region: '440000', points: 10, on: '2026-02-10' } as const;
      await takeFromBudgets(tx, use);
      return customerId;
    });

  /** Revenue of 100,000 yuan in the cycle before this month. */
  async function revenue(): Promise<string> {
    const customerId = await world.aCustomerOf('440000');
    await world.keepBills([{ customerId, billNo: 'R', netSpendFen: 10_000_000, cycle: '2026-01' }]);
    return customerId;
  }

  it('[PTS-13] counts what may be redeemed, of spending and on top of it, against all revenue', async () => {
    const payer = await revenue();
    const [member, poor] = [await world.aCustomerOf('440000'), await world.aCustomerOf('440000')];
    await give(member, 80_000, 'SPENDING');
    await give(member, 9_000, 'PROMOTION');
    await give(member, 5_000, 'TENURE'); // of the other guard
    await give(poor, 3_500, 'SPENDING'); // may not redeem
    await world.guards.execute();
    // 89,000 points are 178,000 fen of 10,000,000.
    expect(await latest('RETURN')).toMatchObject({
      points: 89_000,
      revenueFen: 10_000_000,
      rateBp: 178,
      level: 'NONE',
    });
    expect(await latest('COST')).toMatchObject({ points: 97_500, revenueFen: 10_000_000, rateBp: 195, level: 'NONE' });

    await give(poor, 1, 'SPENDING'); // now all that was issued to him may be redeemed
    await world.guards.execute();
    expect(await latest('RETURN')).toMatchObject({ points: 92_501, rateBp: 185, level: 'SOFT' });
    await world.guards.execute();
    expect(await alarms()).toEqual([{ guard: 'RETURN', level: 'SOFT' }]);
    expect(await promote(payer)).toBe(payer);
  });

  it('[PTS-13] stops at 2.0 % what is given on top, and nothing else', async () => {
    const payer = await revenue();
    const member = await world.aCustomerOf('440000');
    await give(member, 99_999, 'SPENDING');
    await world.guards.execute();
    expect(await latest('RETURN')).toMatchObject({ rateBp: 199, level: 'SOFT' });
    await promote(payer);
    await give(member, 1, 'SPENDING');
    await world.guards.execute();
    expect(await latest('RETURN')).toMatchObject({ rateBp: 200, level: 'HARD' });
    await expect(promote(payer)).rejects.toMatchObject({ code: 'points.promotion-stopped' });
    expect(await world.award(payer, 100)).toMatchObject({ availableAfter: 100 });
    expect(await alarms()).toContainEqual({ guard: 'RETURN', level: 'HARD' });

    await world.keepBills([{ customerId: payer, billNo: 'R2', netSpendFen: 10_000_000, cycle: '2026-01' }]);
    world.clock.set('2026-02-11T10:00:00+08:00');
    await world.guards.execute();
    expect(await latest('RETURN')).toMatchObject({ rateBp: 100, level: 'NONE' });
    expect(await promote(payer)).toBe(payer);
  });

  it('[PTS-14] counts all points of Gotone customers against their revenue, and alarms at 2.3 %', async () => {
    await revenue();
    const [member, other] = [await world.aCustomerOf('440000'), await world.aCustomerOf('440000')];
    await world.db.query(`UPDATE customers.customer SET brand = 'MZONE' WHERE customer_id = $1`, [other]);
    await world.keepBills([{ customerId: other, billNo: 'M', netSpendFen: 90_000_000, cycle: '2026-01' }]);
    await give(other, 1_000_000, 'GIFT');
    await give(member, 60_000, 'TENURE');
    await give(member, 55_000, 'GIFT');
    await world.guards.execute();
    expect(await latest('COST')).toMatchObject({ points: 115_000, revenueFen: 10_000_000, rateBp: 230, level: 'HARD' });
    expect(await alarms()).toEqual([
      { guard: 'COST', level: 'SOFT' },
      { guard: 'COST', level: 'HARD' },
    ]);
    // The cost guard tells; it is the return rate that stops promotions.
    expect(await promote(member)).toBe(member);
  });

  it('[PTS-14] expects the end of the points year, and tells of it before it comes', async () => {
    const customerId = await world.aCustomerOf('440000');
    for (const [i, [day, cycle, points]] of (
      [
        ['2025-12-10', '2025-11', 10_000],
        ['2026-01-10', '2025-12', 90_000],
        ['2026-02-10', '2026-01', 200_000],
      ] as const
    ).entries()) {
      world.clock.set(`${day}T10:00:00+08:00`);
      await world.keepBills([{ customerId, billNo: `${i}`, netSpendFen: 10_000_000, cycle }]);
      await give(customerId, points, 'TENURE');
    }
    world.clock.set('2026-03-01T10:00:00+08:00');
    await world.guards.execute();
    // 300,000 points in three months of 10,000,000 fen each: 2.00 %, and so it goes on.
    expect(await latest('COST')).toMatchObject({ rateBp: 200, forecastBp: 200, level: 'NONE' });
    world.clock.set('2026-03-10T10:00:00+08:00');
    await give(customerId, 250_000, 'TENURE');
    await world.keepBills([{ customerId, billNo: 'x', netSpendFen: 20_000_000, cycle: '2026-02' }]);
    world.clock.set('2026-04-02T10:00:00+08:00');
    await world.guards.execute();
    // So far 550,000 points of 50,000,000 fen (2.20 %); as the last three months 540,000 of 40,000,000 goes on: (550 + 8 × 180) of (50 + 8 × 40 / 3).
    const forecast = Math.floor(((550_000 + 1_440_000) * 2 * 10_000) / (50_000_000 + Math.round(320_000_000 / 3)));
    expect(await latest('COST')).toMatchObject({ rateBp: 220, forecastBp: forecast, level: 'SOFT' });
    expect(await alarms()).toEqual([
      { guard: 'COST', level: 'SOFT' },
      { guard: 'COST', level: 'FORECAST' },
    ]);
  });

  it('[PTS-13] takes off what was taken back, also when it had been spent', async () => {
    const customerId = await revenue();
    await world.keepBills([{ customerId, billNo: 'S', netSpendFen: 1_000_000, cycle: '2025-12' }]);
    await world.accrue('2025-12', '2026-02-09');
    await world.redeem(customerId, 9_000);
    await world.keepBills([{ customerId, billNo: 'S', netSpendFen: 500_000, cycle: '2025-12', version: 2 }]);
    await world.accrue('2025-12.2', '2026-02-10');
    await world.guards.execute();
    expect(await latest('RETURN')).toMatchObject({ points: 5_000 });
  });
});
