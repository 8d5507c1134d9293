import { ExpirePoints } from '../../../src/modules/points/application/expiry/expire-points.run.js';
import { ReportPointsYear } from '../../../src/modules/points/application/ledger/points-year.query.js';
import { provePoints } from '../../../src/modules/points/application/proof/prove-points.js';
import { PointsModule } from '../../../src/modules/points/index.js';
import { newId } from '../../../src/platform/database/index.js';
import { EventsModule } from '../../../src/platform/events/index.js';
import { carryOutRun } from '../../support/carry-out-run.js';
import { serveModules } from '../../support/serve-modules.js';
import { keepCustomers } from '../customers/facts.js';
import { pointsWorld } from './points-world.js';

const BASE = '/care-api/points/v1';

describe('the points year, from 1 December to 30 November', () => {
  let world: Awaited<ReturnType<typeof pointsWorld>>;
  beforeEach(async () => {
    world = await pointsWorld();
  });
  afterEach(async () => {
    const proof = await provePoints(world.transaction);
    expect(proof.checks.filter(({ violations }) => violations > 0)).toEqual([]);
    await world.db.drop();
  });

  const at = (instant: string): void => world.clock.set(`${instant}+08:00`);
  const report = (year: number) => new ReportPointsYear(world.database, world.clock).execute(year);
  const classOf = async (year: number, type: string) =>
    (await report(year)).classes.find(({ pointsType }) => pointsType === type);
  const expire = (asOf: string) => {
    at(`${asOf}T00:20:00`);
    return carryOutRun(world.source, new ExpirePoints(world.clock, world.outbox), { key: asOf, asOf });
  };
  const give = (customerId: string, points: number, pointsType: 'TENURE' | 'PROMOTION' | 'GIFT') =>
    world.transaction.run((tx) =>
      world.facade.award(tx, {
        ...{ customerId, points, pointsType, funderId: 'OPERATOR' },
        ...{ reference: newId(), actorId: 'tester' },
      }),
    );

  it('[PTS-10] ends with 30 November and begins with 1 December, in the report as in the account', async () => {
    const customerId = await world.aCustomer();
    at('2025-11-30T23:59:59');
    await world.award(customerId, 1_000);
    await give(customerId, 50, 'PROMOTION');
    at('2025-12-01T00:00:00');
    expect(await world.account.balanceOf(customerId)).toMatchObject({ pointsYear: 2026, earnedThisPointsYear: 0 });
    await world.award(customerId, 200);
    expect(await world.account.balanceOf(customerId)).toMatchObject({ earnedThisPointsYear: 200, qualifying: 1_200 });
    expect(await world.account.earnedIn(customerId, 2025)).toEqual([
      { pointsType: 'SPENDING', points: 1_000 },
      { pointsType: 'PROMOTION', points: 50 },
    ]);
    expect(await world.account.earnedIn(customerId, 2026)).toEqual([{ pointsType: 'SPENDING', points: 200 }]);
    expect(await classOf(2025, 'SPENDING')).toMatchObject({ opening: 0, issued: 1_000, closing: 1_000 });
    expect(await classOf(2025, 'PROMOTION')).toMatchObject({ opening: 0, issued: 50, closing: 50 });
    expect(await classOf(2026, 'SPENDING')).toMatchObject({ opening: 1_000, issued: 200, closing: 1_200 });
    await expect(report(2027)).rejects.toMatchObject({ code: 'points.points-year-not-begun' });
  });

  it('[PTS-10] is reported as the ledger has it, to the point: issued, redeemed, expired, forfeited, owed', async () => {
    const [one, two, three] = (await world.aCrowd([500_000, 450_000, 400_000], '2022-11')) as [string, string, string];
    await world.accrue('2022-11', '2022-12-06');
    at('2024-06-10T10:00:00');
    await give(one, 333, 'TENURE');
    await give(two, 70, 'PROMOTION');
    at('2024-11-30T22:00:00');
    const { redemptionId } = await world.redeem(one, 1_000);
    await world.redeem(two, 4_500);
    await world.reverse(redemptionId);
    await world.redeem(one, 600);
    at('2024-12-02T10:00:00');
    await world.redeem(three, 1_234);
    // The bill was too high: what is spent already is owed.
    await world.keepBills([
      { customerId: two, billNo: '2022-11-1', cycle: '2022-11', netSpendFen: 430_000, version: 2 },
    ]);
    await world.accrue('2022-11.2', '2024-12-03');
    expect(await world.account.balanceOf(two)).toMatchObject({ available: 0, debt: 130 });
    await world.close(three);
    // Of November 2022: gone with 1 December 2025, in the next points year.
    expect((await expire('2025-11-30')).counts).toEqual({});
    expect((await expire('2025-12-01')).counts).toMatchObject({ points: 4_400 });

    const [y2023, y2024, y2025, y2026] = await Promise.all([2023, 2024, 2025, 2026].map(report));
    const figures = (year: typeof y2023) =>
      year?.classes.map(({ pointsType, opening, issued, redeemed, expired, forfeited, owed, closing }) => [
        pointsType,
        { opening, issued, redeemed, expired, forfeited, owed, closing },
      ]);
    const none = { opening: 0, issued: 0, redeemed: 0, expired: 0, forfeited: 0, owed: 0, closing: 0 };
    expect(figures(y2023)).toEqual([['SPENDING', { ...none, issued: 13_500, closing: 13_500 }]]);
    expect(figures(y2024)).toEqual([
      ['PROMOTION', { ...none, issued: 70, closing: 70 }],
      ['SPENDING', { ...none, opening: 13_500, redeemed: -5_100, closing: 8_400 }],
      ['TENURE', { ...none, issued: 333, closing: 333 }],
    ]);
    expect(figures(y2025)).toEqual([
      ['DEBT', { ...none, issued: -200, owed: 70, closing: -130 }],
      ['PROMOTION', { ...none, opening: 70, owed: -70 }],
      ['SPENDING', { ...none, opening: 8_400, redeemed: -1_234, forfeited: -2_766, closing: 4_400 }],
      ['TENURE', { ...none, opening: 333, closing: 333 }],
    ]);
    expect(figures(y2026)).toEqual([
      ['DEBT', { ...none, opening: -130, closing: -130 }],
      ['PROMOTION', none],
      ['SPENDING', { ...none, opening: 4_400, expired: -4_400 }],
      ['TENURE', { ...none, opening: 333, closing: 333 }],
    ]);

    // The same from the other side: what all accounts hold, and the journal of each year.
    const [{ outstanding } = { outstanding: 0 }] = await world.db.query<{ outstanding: number }>(
      'SELECT sum(available + held + pending - debt)::bigint AS outstanding FROM points.point_account',
    );
    expect(y2026?.classes.reduce((sum, { closing }) => sum + closing, 0)).toBe(outstanding);
    for (const year of [y2023, y2024, y2025, y2026]) {
      const [{ moved } = { moved: 0 }] = await world.db.query<{ moved: number }>(
        'SELECT COALESCE(sum(points), 0)::bigint AS moved FROM points.journal WHERE business_date BETWEEN $1 AND $2',
        [year?.from, year?.to],
      );
      expect(year?.classes.reduce((sum, { opening, closing }) => sum + closing - opening, 0)).toBe(moved);
    }
  });

  it('[PTS-12] asks for more than the threshold of the own province, in the account as in the redemption', async () => {
    await world.db.query(`UPDATE points.earn_rule_set SET rules = rules || '{"joinAboveByRegion": {"450000": 1000}}'`);
    const [guangxi, guangdong] = [newId(), newId()];
    await keepCustomers(world.db, [
      { customerId: guangxi, region: '450000' },
      { customerId: guangdong, region: '440000' },
    ]);
    at('2026-02-01T10:00:00');
    for (const [customerId, threshold] of [
      [guangxi, 1_000],
      [guangdong, 3_500],
    ] as const) {
      const missing = { qualifying: 0, mustExceed: threshold, canRedeem: false, gapToRedeem: threshold + 1 };
      expect(await world.account.balanceOf(customerId)).toMatchObject(missing);
      await world.award(customerId, threshold);
      await give(customerId, 500, 'GIFT');
      const short = { qualifying: threshold, mustExceed: threshold, canRedeem: false, gapToRedeem: 1 };
      expect(await world.account.balanceOf(customerId)).toMatchObject(short);
      await expect(world.redeem(customerId, 1)).rejects.toMatchObject({
        code: 'points.below-threshold',
        facts: { qualifying: threshold, mustExceed: threshold, gap: 1 },
      });
      await give(customerId, 1, 'TENURE');
      expect(await world.account.balanceOf(customerId)).toMatchObject({ canRedeem: true, gapToRedeem: 0 });
      expect(await world.redeem(customerId, 1)).toMatchObject({ points: 1 });
    }
  });

  it('[PTS-26] is told over the API: of one customer, and of all to whoever sees the whole operator', async () => {
    const customerId = await world.aCustomer();
    at('2026-02-01T10:00:00');
    await world.award(customerId, 3_000);
    await give(customerId, 40, 'GIFT');
    const api = await serveModules(world.db, {
      modules: [EventsModule, PointsModule],
      permissions: ['points.read', 'points.report'],
      now: new Date('2026-02-01T10:00:00+08:00'),
    });
    try {
      expect((await api.call({ url: `${BASE}/account/${customerId}/pointsYear` })).body).toEqual({
        id: customerId,
        href: `${BASE}/account/${customerId}/pointsYear`,
        '@type': 'PointsYearOfCustomer',
        pointsYear: 2026,
        from: '2025-12-01',
        to: '2026-11-30',
        earned: [
          { pointsType: 'SPENDING', points: 3_000 },
          { pointsType: 'GIFT', points: 40 },
        ],
        earnedThisPointsYear: 3_040,
        qualifying: 3_000,
        mustExceed: 3_500,
        gapToRedeem: 501,
        canRedeem: false,
      });
      const { status, body } = await api.call({ url: `${BASE}/pointsYear/2026` });
      expect(status).toBe(200);
      expect(body).toMatchObject({
        id: '2026',
        from: '2025-12-01',
        to: '2026-11-30',
        class: [
          { pointsType: 'GIFT', issued: 40, closing: 40 },
          { pointsType: 'SPENDING', issued: 3_000, closing: 3_000 },
        ],
        total: { opening: 0, issued: 3_040, redeemed: 0, expired: 0, owed: 0, closing: 3_040, transferred: 0 },
      });
      for (const year of ['2027', '1999', 'next']) {
        expect((await api.call({ url: `${BASE}/pointsYear/${year}` })).status).toBe(404);
      }
      const expiry = await api.call({ url: `${BASE}/account/${customerId}/expiry` });
      expect(expiry.body.lot).toMatchObject([
        { expiresOn: '2029-02-28', noticeOn: ['2028-11-30', '2029-01-29', '2029-02-21'] },
        { expiresOn: '2029-02-28', pointsType: 'GIFT' },
      ]);
    } finally {
      await api.close();
    }
  });
});
