import { OrganizationFacade } from '../../../src/modules/organization/index.js';
import { PointsController } from '../../../src/modules/points/http/ledger/points.controller.js';
import { PointsManagementController } from '../../../src/modules/points/http/money/points-management.controller.js';
import { PointsModule } from '../../../src/modules/points/index.js';
import { EventsModule } from '../../../src/platform/events/index.js';
import { routesIn, type Route } from '../../../src/platform/http/index.js';
import { serveModules } from '../../support/serve-modules.js';
import { keepTier } from '../tiering/facts.js';
import { lotOf, moneyWorld } from './money-world.js';

const BASE = '/care-api/points/v1/management';

const routesOf = (controller: { readonly name: string }): readonly Route[] => {
  const controllers = new Map([[controller.name, { metatype: controller }]]);
  return routesIn(new Map([['points', { controllers }]]) as unknown as Parameters<typeof routesIn>[0]);
};

describe('managing the points', () => {
  let world: Awaited<ReturnType<typeof moneyWorld>>;
  let api: Awaited<ReturnType<typeof serveModules>>;

  beforeAll(async () => {
    world = await moneyWorld();
    api = await serveModules(world.db, {
      modules: [EventsModule, PointsModule],
      permissions: ['points.report', 'points.budget', 'points.deduct'],
      now: new Date('2026-02-01T10:00:00+08:00'),
      ground: [{ provide: OrganizationFacade, useValue: { scopeOfApiKey: () => Promise.resolve(undefined) } }],
    });
  });
  afterAll(async () => {
    await api.close();
    await world.db.drop();
  });

  const get = (url: string) => api.call({ url: `${BASE}/${url}` });
  const post = (url: string, payload: object) => api.call({ method: 'POST', url: `${BASE}/${url}`, payload });

  it('[PTS-32] analyses who has the points by level and age, to the point', async () => {
    const [gold, ordinary] = [await world.aCustomer(), await world.aCustomer()];
    await keepTier(world.db, gold, 'GOLD');
    world.clock.set('2026-01-10T10:00:00+08:00');
    await world.award(gold, 5_000);
    await world.post(ordinary, 'GIFT', [
      { debit: 'ISSUED', credit: 'CUST_AVAILABLE', points: 80, lot: lotOf('2026-01-31', 'GIFT') },
    ]);
    world.clock.set('2026-02-01T09:00:00+08:00');
    await world.award(ordinary, 4_000);
    await world.redeem(gold, 1_500);
    await world.post(ordinary, 'EXPIRY', [
      { debit: 'CUST_AVAILABLE', credit: 'BREAKAGE', points: 80, lot: lotOf('2026-01-31', 'GIFT') },
    ]);
    const { status, body } = await get('analysis/2026-02');
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: '2026-02', '@type': 'PointsAnalysis', href: `${BASE}/analysis/2026-02` });
    expect(body.line).toEqual([
      {
        level: 'GOLD',
        yearsLeft: 2,
        issued: 0,
        redeemed: 1_500,
        expired: 0,
        outstanding: 3_500,
        outstandingValueFen: 7_000,
      },
      { level: 'ORDINARY', yearsLeft: 0, issued: 0, redeemed: 0, expired: 80, outstanding: 0, outstandingValueFen: 0 },
      {
        level: 'ORDINARY',
        yearsLeft: 3,
        issued: 4_000,
        redeemed: 0,
        expired: 0,
        outstanding: 4_000,
        outstandingValueFen: 8_000,
      },
    ]);
    const [ledger] = await world.db.query<{ points: number }>(
      'SELECT sum(available + held + pending - debt)::bigint AS points FROM points.point_account',
    );
    expect(body.line.reduce((sum: number, line: { outstanding: number }) => sum + line.outstanding, 0)).toBe(
      ledger?.points,
    );
    expect((await get('analysis/2026-13')).status).toBe(404);
  });

  it('[PTS-32] answers the liability, the months of the books, and closes one', async () => {
    await world.books.rollUp();
    const { body } = await get('liability/2026-02');
    expect(body).toMatchObject({
      id: '2026-02',
      closing: 7_500,
      closingValueFen: 15_000,
      liabilityFen: 15_000,
      breakageVersion: 1,
    });
    expect(body.line.map(({ pointsType }: { pointsType: string }) => pointsType)).toEqual(['GIFT', 'SPENDING']);
    expect((await get('liability/2026-02?region=999999')).body).toMatchObject({ closing: 0, line: [] });
    expect((await post('ledgerMonth', { month: '2026-02' })).body.code).toBe('points.month-not-over');
    const closed = await post('ledgerMonth', { month: '2026-01' });
    expect([closed.status, closed.body]).toMatchObject([201, { id: '2026-01', closedBy: api.staffId, isFinal: false }]);
    expect((await get('ledgerMonth')).body).toMatchObject([{ month: '2026-02' }, { month: '2026-01' }]);
  });

  it('[PTS-15] sets a budget, changes it, and says how much of it is used', async () => {
    const made = await post('budget', { pointsYear: 2026, kind: 'GOODS', hardPoints: 2_000, softPoints: 1_400 });
    expect([made.status, made.body]).toMatchObject([201, { used: 1_500, left: 500, state: 'SOFT' }]);
    expect(made.headers['location']).toBe(made.body.href);
    expect((await post('budget', { pointsYear: 2026, kind: 'GOODS', hardPoints: 9_000 })).body.code).toBe(
      'points.budget-taken',
    );
    const limit = (payload: object) => api.call({ method: 'PATCH', url: made.body.href, payload });
    expect((await limit({ hardPoints: 1_499 })).body.code).toBe('points.budget-below-use');
    expect((await limit({ hardPoints: 1_500, softPoints: 1_500 })).body).toMatchObject({ left: 0, state: 'HARD' });
    expect((await get(`budget`)).body).toHaveLength(1);
    expect((await api.call({ url: made.body.href })).body).toMatchObject({ hardPoints: 1_500, kind: 'GOODS' });
    expect((await get('budget/nothing')).status).toBe(404);
  });

  it('[PTS-13] [PTS-14] answers both guards as they were read', async () => {
    await world.guards.execute();
    const { body } = await get('guardReading/2026');
    expect(body).toMatchObject([
      {
        id: 'RETURN~2026-02-01',
        softBp: 180,
        hardBp: 200,
        level: 'NONE',
        points: 9_000,
        costFen: 18_000,
        revenueFen: 0,
      },
      { id: 'COST~2026-02-01', softBp: 210, hardBp: 230, level: 'NONE' },
    ]);
    expect(body[0].rateBp).toBeUndefined();
    expect((await get('guardReading/last')).status).toBe(404);
  });

  it('[PTS-32] keeps versions of what is expected to expire', async () => {
    const rate = [{ pointsType: 'SPENDING', yearsLeftBp: [2_500, 800] }];
    const made = await post('breakageRateSet', { effectiveFrom: '2026-02-01', rate, reason: '按历史清零估算' });
    expect([made.status, made.body]).toMatchObject([201, { version: 2, rate }]);
    expect((await get('liability/2026-02')).body).toMatchObject({
      closing: 7_500,
      liabilityFen: 15_000 - 1_200,
      breakageVersion: 2,
    });
    expect((await get('breakageRateSet')).body).toMatchObject([{ version: 2 }, { version: 1, rate: [] }]);
    expect(
      (await post('breakageRateSet', { effectiveFrom: '2026-02-01', rate: [...rate, ...rate], reason: 'x' })).body.code,
    ).toBe('points.invalid-breakage-rates');
    expect((await get('breakageEstimate')).body).toEqual({ '@type': 'BreakageEstimate', asOf: '2026-02-01', rate: [] });
  });

  it('[PTS-28] deducts for BOSS, and compares the day', async () => {
    const customerId = await world.aCustomer();
    await world.award(customerId, 4_000);
    const payload = { customerId, points: 100, purpose: 'SERVICE', serialNumber: 'D1', source: 'BOSS' };
    const deduct = () => api.call({ method: 'POST', url: '/care-api/points/v1/deduction', payload });
    const [first, second] = [await deduct(), await deduct()];
    expect([first.status, first.body]).toMatchObject([201, { serialNumber: 'D1', points: 100, availableAfter: 3_900 }]);
    expect(second.body).toEqual(first.body);
    const stated = await api.call({
      method: 'POST',
      url: '/care-api/points/v1/deductionDay',
      payload: { businessDate: '2026-02-01', source: 'BOSS', deduction: [{ serialNumber: 'D1', points: 100 }] },
    });
    expect(stated.body).toMatchObject({ ourCount: 1, theirCount: 1, difference: [] });
    expect((await api.call({ url: '/care-api/points/v1/deductionDay' })).body).toMatchObject([
      { source: 'BOSS', difference: [] },
    ]);
  });

  it('[PTS-25] has no route that customers may call, nor one that a right of the customers opens', async () => {
    const [management, others] = [routesOf(PointsManagementController), routesOf(PointsController)];
    expect([management.length > 10, others.length > 5]).toEqual([true, true]);
    for (const { path, access, selfService } of management) {
      expect([path, selfService]).toEqual([path, undefined]);
      expect([path, access]).toEqual([path, { permission: expect.stringMatching(/^points\.(report|budget)$/) }]);
    }
    for (const { path, access } of others) {
      expect([path, access]).not.toEqual([path, { permission: expect.stringMatching(/^points\.(report|budget)$/) }]);
    }
  });
});
