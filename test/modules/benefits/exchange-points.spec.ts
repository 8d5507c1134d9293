import { jest } from '@jest/globals';
import { ExchangePointsForBenefit } from '../../../src/modules/benefits/application/exchange-points-for-benefit.js';
import { BenefitsModule } from '../../../src/modules/benefits/index.js';
import { provePoints } from '../../../src/modules/points/application/proof/prove-points.js';
import { OrderService } from '../../../src/modules/points/application/exchange/order-service.js';
import { RedeemPointsUseCase } from '../../../src/modules/points/application/ledger/redeem-points.js';
import { checksOfExchange } from '../../../src/modules/points/persistence/exchange/proof-checks-of-exchange.js';
import { SingleOperations } from '../../../src/modules/points/persistence/ledger/single-operations.js';
import { FindCards } from '../../../src/modules/tiering/application/cards.query.js';
import { TieringFacade } from '../../../src/modules/tiering/index.js';
import { EventsModule } from '../../../src/platform/events/index.js';
import { actingFor, newId, type Transaction } from '../../../src/platform/database/index.js';
import { NOBODY, type Scope } from '../../../src/platform/identity/index.js';
import type { Answer } from '../../support/http.js';
import { personalDataOfNewKeys } from '../../support/serve.js';
import { serveModules } from '../../support/serve-modules.js';
import { DyingTransaction } from '../points/exchange-world.js';
import { wiredTo } from '../points/points-world.js';
import { benefitsWorld } from './benefits-world.js';

jest.setTimeout(120_000);

describe('exchanging points for services', () => {
  let world: Awaited<ReturnType<typeof benefitsWorld>>;
  let points: ReturnType<typeof wiredTo>;
  let served: Awaited<ReturnType<typeof serveModules>>;
  let exchangingBy: (transaction: Transaction) => ExchangePointsForBenefit;

  beforeAll(async () => {
    world = await benefitsWorld();
    world.on('2026-02-10');
    const source = await world.db.dataSource();
    points = wiredTo(source, world.clock);
    const tiering = new TieringFacade(
      points.database,
      new FindCards(points.database, personalDataOfNewKeys(), world.clock),
    );
    exchangingBy = (transaction) => {
      const redeeming = new RedeemPointsUseCase(transaction, new SingleOperations(), tiering, world.clock);
      const ordering = new OrderService(redeeming, world.clock);
      return new ExchangePointsForBenefit(transaction, ordering, tiering, world.clock);
    };
    served = await serveModules(world.db, {
      modules: [EventsModule, BenefitsModule],
      permissions: ['benefits.read', 'benefits.use', 'points.read', 'points.redeem'],
      now: world.clock.now(),
    });
  });
  beforeEach(() => world.on('2026-02-10'));
  afterEach(async () => {
    for (const { id, sql } of checksOfExchange) expect([id, await world.db.query(sql)]).toEqual([id, []]);
    const { checks } = await provePoints(points.transaction);
    expect(checks.filter(({ violations }) => violations > 0)).toEqual([]);
    // Every unit was paid for, and every service that was paid for was granted.
    expect(
      await world.db.query(
        `SELECT * FROM (SELECT customer_id, order_id FROM points.exchange_order WHERE kind = 'SERVICE') o
         FULL JOIN (SELECT customer_id, order_id, units FROM benefits.points_exchange) x USING (customer_id, order_id)
         WHERE o.order_id IS NULL OR x.order_id IS NULL`,
      ),
    ).toEqual([]);
    expect(
      await world.db.query(
        `SELECT * FROM benefits.entitlement e LEFT JOIN (
           SELECT customer_id, level_year, benefit, sum(units) AS units FROM benefits.points_exchange GROUP BY 1, 2, 3
         ) x USING (customer_id, level_year, benefit) WHERE e.exchanged <> COALESCE(x.units, 0)`,
      ),
    ).toEqual([]);
  });
  afterAll(async () => {
    await served.close();
    await world.db.drop();
  });

  const aMember = async (available = 20_000): Promise<string> => {
    const customerId = await world.aCustomer();
    await points.award(customerId, available);
    return customerId;
  };
  const exchange = (customerId: string, itemId = 'LOUNGE_VISIT', key?: string): Promise<Answer> =>
    served.call({
      method: 'POST',
      url: `/care-api/benefits/v1/customer/${customerId}/exchange`,
      payload: { itemId, channel: 'HALL' },
      headers: key === undefined ? {} : { 'idempotency-key': key },
    });
  const use = (customerId: string, benefit = 'AIRPORT_LOUNGE'): Promise<Answer> =>
    served.call({
      method: 'POST',
      url: `/care-api/benefits/v1/customer/${customerId}/use`,
      payload: { benefit, channel: 'HALL' },
    });
  const availableOf = async (customerId: string): Promise<number> =>
    (await points.account.balanceOf(customerId)).available;
  const entitlementOf = async (customerId: string, benefit = 'AIRPORT_LOUNGE') => {
    const [row] = await world.db.query(
      `SELECT level, granted, exchanged, used FROM benefits.entitlement WHERE customer_id = $1 AND benefit = $2`,
      [customerId, benefit],
    );
    return row;
  };
  const anItem = (
    itemId: string,
    benefit: string,
    more = { classes: null as string | null, perYear: null as number | null },
  ) =>
    world.db.query(
      `INSERT INTO points.catalogue_item (item_id, kind, label, points, classes, per_points_year, benefit, units, valid_from, created_at)
       VALUES ($1, 'SERVICE', '{"en": "A service", "zh": "服务"}', 100, $3::points.points_type[], $4, $2, 2, '2020-01-01', now())`,
      [itemId, benefit, more.classes, more.perYear],
    );

  it('[PTS-18] takes the points and grants the units together, also to whom the level entitles to nothing', async () => {
    const customerId = await aMember();
    const made = await exchange(customerId);
    expect(made).toMatchObject({
      status: 201,
      body: {
        '@type': 'PointsExchange',
        itemId: 'LOUNGE_VISIT',
        points: 5_000,
        benefit: 'AIRPORT_LOUNGE',
        units: 1,
        levelYear: '2026-02-01',
        validUntil: '2027-02-01',
      },
    });
    expect(await availableOf(customerId)).toBe(15_000);
    expect(await entitlementOf(customerId)).toEqual({ level: 'ORDINARY', granted: 0, exchanged: 1, used: 0 });
    const order = await served.call({ url: made.headers['location'] ?? '' });
    expect(order.body).toMatchObject({ id: made.body.id, kind: 'SERVICE', status: 'COMPLETED', points: 5_000 });
    expect((await served.call({ url: `/care-api/benefits/v1/customer/${customerId}/entitlement` })).body).toMatchObject(
      [{ benefit: 'AIRPORT_LOUNGE', granted: 0, exchanged: 1, used: 0, remaining: 1 }],
    );
    expect((await use(customerId)).status).toBe(201);
    expect(await use(customerId)).toMatchObject({ status: 422, body: { code: 'benefits.quota-used-up' } });
  });

  it('[PTS-18] leaves what was exchanged as it is when the level changes and the night grants anew', async () => {
    const customerId = await aMember();
    await world.tell(await world.level(customerId, 'SILVER'));
    await exchange(customerId);
    expect(await entitlementOf(customerId)).toEqual({ level: 'SILVER', granted: 2, exchanged: 1, used: 0 });
    for (let visit = 0; visit < 3; visit++) expect((await use(customerId)).status).toBe(201);
    expect((await use(customerId)).status).toBe(422);
    world.on('2026-06-20');
    await world.tell(await world.level(customerId, 'GOLD'));
    // (4 × 2 + 8 × 6) / 12 = 4.67, rounded up; of three visits two were the level's.
    expect(await entitlementOf(customerId)).toEqual({ level: 'GOLD', granted: 5, exchanged: 1, used: 3 });
    world.on('2026-08-01');
    await world.tell(await world.level(customerId, 'ORDINARY'));
    await world.night();
    // (4 × 2 + 2 × 6) / 12 = 1.67: not less than the two that were used of it.
    expect(await entitlementOf(customerId)).toEqual({ level: 'ORDINARY', granted: 2, exchanged: 1, used: 3 });
    const { changed } = (await world.night()).summary as { changed: number };
    expect(changed).toBe(0);
  });

  it('[PTS-18] grants nothing when the points cannot be taken', async () => {
    const [poor, unqualified, frozen] = [await aMember(4_999), await aMember(3_500), await aMember()];
    await world.db.query(`UPDATE points.point_account SET frozen_reason = 'fraud' WHERE customer_id = $1`, [frozen]);
    await anItem('OF_PROMOTION', 'SIM_BACKUP', { classes: '{PROMOTION}', perYear: null });
    await anItem('ONCE_A_YEAR', 'SIM_BACKUP', { classes: null, perYear: 1 });
    const rich = await aMember();
    await exchange(rich, 'ONCE_A_YEAR');
    const refusals = [
      [await exchange(poor), 'points.insufficient', { available: 4_999, requested: 5_000 }],
      [await exchange(unqualified, 'SIM_BACKUP_ONCE'), 'points.below-threshold', { gap: 1 }],
      [await exchange(frozen), 'points.account-frozen', {}],
      [
        await exchange(rich, 'OF_PROMOTION'),
        'points.too-few-of-these-classes',
        { classes: ['PROMOTION'], available: 0 },
      ],
      [await exchange(rich, 'ONCE_A_YEAR'), 'points.item-limit-reached', { limit: 1, ordered: 1, pointsYear: 2026 }],
      [await exchange(rich, 'NO_SUCH_ITEM'), 'points.unknown-item', {}],
      [await exchange(rich, 'TOP_UP_CARD_50'), 'points.item-of-another-kind', { expected: ['SERVICE'] }],
    ] as const;
    for (const [answer, code, detail] of refusals) {
      expect(answer).toMatchObject({ status: 422, body: { code } });
      expect(answer.body.detail ?? {}).toMatchObject(detail);
    }
    for (const customerId of [poor, unqualified, frozen]) expect(await entitlementOf(customerId)).toBeUndefined();
    expect(await entitlementOf(rich, 'SIM_BACKUP')).toMatchObject({ exchanged: 2 });
    expect(await availableOf(rich)).toBe(19_900);
    expect((await exchange(newId())).status).toBe(404);
  });

  it('[PTS-18] takes no points when the units cannot be granted', async () => {
    const customerId = await aMember();
    await anItem('OF_NOTHING', 'NO_SUCH_BENEFIT');
    await world.db.query(
      `INSERT INTO benefits.benefit (code, program, service_class, label, unit, effective_from, effective_until, created_at)
       VALUES ('ENDED', 'GOTONE', 'A_EXTRA', '{}', 'TIME', '2020-01-01', '2026-02-10', now())`,
    );
    await anItem('OF_WHAT_ENDED', 'ENDED');
    expect(await exchange(customerId, 'OF_NOTHING')).toMatchObject({
      status: 422,
      body: { code: 'benefits.unknown-benefit' },
    });
    expect(await exchange(customerId, 'OF_WHAT_ENDED')).toMatchObject({
      status: 422,
      body: { code: 'benefits.not-in-effect', detail: { effectiveUntil: '2026-02-10' } },
    });
    expect(await availableOf(customerId)).toBe(20_000);
    expect((await served.call({ url: `/care-api/points/v1/account/${customerId}/order` })).body).toEqual([]);
  });

  it('[PTS-18] does both or neither, wherever between them it dies', async () => {
    const source = await world.db.dataSource();
    let deaths = 0;
    for (let before = 1; ; before++) {
      const customerId = await aMember();
      const asked = { customerId, itemId: 'LOUNGE_VISIT', channel: 'HALL', actorId: 'tester', key: 'the same' };
      const dying = new DyingTransaction(source, before);
      const first = await exchangingBy(dying)
        .execute(asked)
        .catch(() => undefined);
      if (dying.deaths > 0) {
        deaths += 1;
        expect([first, await availableOf(customerId), await entitlementOf(customerId)]).toEqual([
          undefined,
          20_000,
          undefined,
        ]);
      }
      await exchangingBy(points.transaction).execute(asked);
      expect([await availableOf(customerId), await entitlementOf(customerId)]).toMatchObject([
        15_000,
        { exchanged: 1 },
      ]);
      if (dying.deaths === 0) break;
    }
    expect(deaths).toBeGreaterThanOrEqual(8);
  });

  it('[PTS-18] exchanges once what is asked 16 times under one key, at once and a day later', async () => {
    const customerId = await aMember();
    const asked = { customerId, itemId: 'LOUNGE_VISIT', channel: 'HALL', actorId: 'tester', key: 'once' };
    const exchanging = exchangingBy(points.transaction);
    const all = await Promise.all(Array.from({ length: 16 }, () => exchanging.execute(asked)));
    expect(new Set(all.map(({ orderId }) => orderId)).size).toBe(1);
    world.on('2026-02-11');
    expect((await exchanging.execute(asked)).orderId).toBe(all[0]?.orderId);
    expect([await availableOf(customerId), await entitlementOf(customerId)]).toMatchObject([15_000, { exchanged: 1 }]);
    await expect(exchanging.execute({ ...asked, itemId: 'SIM_BACKUP_ONCE' })).rejects.toMatchObject({
      code: 'points.key-reused',
    });
  });

  it('[PTS-18] keeps the limit of a points year when 16 are asked for at once, and grants what was paid for', async () => {
    const customerId = await aMember(60_000);
    const exchanging = exchangingBy(points.transaction);
    const asked = { customerId, itemId: 'LOUNGE_VISIT', channel: 'HALL', actorId: 'tester', key: undefined };
    const all = await Promise.allSettled(Array.from({ length: 16 }, () => exchanging.execute(asked)));
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(6);
    expect([await availableOf(customerId), await entitlementOf(customerId)]).toMatchObject([30_000, { exchanged: 6 }]);
  });

  it('[AUD-02] is done by the customer and by whose scope the customer is in, and by nobody else', async () => {
    const customerId = await aMember();
    const asked = { customerId, itemId: 'LOUNGE_VISIT', channel: 'APP', actorId: 'tester', key: undefined };
    const by = (scope: Partial<Scope>) =>
      actingFor({ scope: { ...NOBODY, ...scope }, operation: 'POST /', requestId: 'r', clientAddress: '::1' }, () =>
        exchangingBy(points.transaction).execute(asked),
      );
    await by({ customerId });
    await by({ provinces: ['440000'] });
    await expect(by({ provinces: ['320000'] })).rejects.toMatchObject({ kind: 'not-found' });
    expect([await availableOf(customerId), await entitlementOf(customerId)]).toMatchObject([10_000, { exchanged: 2 }]);
  });

  it('does not give the points back for a service that was granted', async () => {
    const customerId = await aMember();
    const { body } = await exchange(customerId);
    await expect(points.reverse(body.id)).rejects.toMatchObject({ code: 'points.redeemed-for-an-item' });
    expect(await availableOf(customerId)).toBe(15_000);
  });
});
