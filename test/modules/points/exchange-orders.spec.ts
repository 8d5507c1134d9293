import { jest } from '@jest/globals';
import { Logger } from '@nestjs/common';
import {
  BossOrders,
  type BossAnswer,
  type BossOrder,
} from '../../../src/modules/points/application/exchange/boss-orders.js';
import { HttpBossOrders } from '../../../src/modules/points/application/exchange/http-boss-orders.js';
import {
  BOSS_MAY_TAKE_HOURS,
  CARD_CAN_BE_SHOWN_HOURS,
  type Decision,
} from '../../../src/modules/points/domain/exchange/exchange-order.js';
import { ForgetCards, ForgetShownCards } from '../../../src/modules/points/application/exchange/forget-cards.js';
import { CancelOrdersWhenCustomerDeparts } from '../../../src/modules/points/listeners/cancel-orders-when-customer-departs.listener.js';
import { ForgetBoughtCardsWhenCustomerIsErased } from '../../../src/modules/points/listeners/forget-bought-cards-when-customer-is-erased.listener.js';
import { actingFor, newId } from '../../../src/platform/database/index.js';
import { NOBODY, type Scope } from '../../../src/platform/identity/index.js';
import { DyingTransaction, exchangeWorld } from './exchange-world.js';
import type { Mood } from './stub-boss.js';

jest.setTimeout(120_000);

const TIMES = 20;
/** Longer than the longest pause between two attempts. */
const A_WHILE = 700;
const CLERK = newId();

describe('exchanging points for mobile products and goods', () => {
  let world: Awaited<ReturnType<typeof exchangeWorld>>;
  beforeAll(async () => {
    // What BOSS does not answer is logged each time.
    Logger.overrideLogger(false);
    world = await exchangeWorld();
  });
  beforeEach(() => {
    world.boss.mood = () => 'delivers';
    world.clock.set('2026-02-01T10:00:00+08:00');
  });
  afterEach(async () => expect(await world.violations()).toEqual([]));
  afterAll(() => world.close());

  const balanceOf = async (customerId: string) => {
    const { available, held } = await world.account.balanceOf(customerId);
    return { available, held };
  };
  const event = (customerId: string) => ({
    eventId: newId(),
    name: 'customers',
    customerId,
    payload: { customerId },
    occurredAt: world.clock.now(),
    recordedAt: world.clock.now(),
  });

  it('[PTS-19] holds the points and takes a piece of stock, and uses both when BOSS has delivered', async () => {
    const [member, item] = [await world.aMember(), await world.anItem({ bossProduct: 'CARD10' }, 5)];
    const order = await world.place(member, item);
    expect(order).toMatchObject({ status: 'OPEN', kind: 'MOBILE_PRODUCT', points: 500, hasCard: false });
    expect(await balanceOf(member)).toEqual({ available: 9_500, held: 500 });
    expect(await world.onHand(item)).toBe(4);

    await world.sending.execute();
    expect(world.boss.requests.at(-1)).toMatchObject({
      body: { orderKey: order.orderId, product: 'CARD10', valueFen: 1_000 },
      headers: { 'idempotency-key': order.orderId, authorization: 'Bearer a token' },
    });
    expect(await balanceOf(member)).toEqual({ available: 9_500, held: 0 });
    const [captured] = await world.db.query(
      `SELECT p.debit, p.credit, p.points FROM points.journal j JOIN points.posting p USING (customer_id, journal_id)
       WHERE j.customer_id = $1 AND j.kind = 'CAPTURE'`,
      [member],
    );
    expect(captured).toEqual({ debit: 'CUST_HELD', credit: 'REDEEMED_MOBILE_PRODUCT', points: 500 });
    expect(await world.statusOf(order.orderId)).toBe('COMPLETED');
    expect(await world.onHand(item)).toBe(4);
    await world.sending.execute();
    expect(world.boss.asked.get(order.orderId)).toBe(1);
  });

  it('[PTS-19] restores points, to the lots that they came from, and the piece when BOSS refuses', async () => {
    const [member, item] = [await world.aMember(), await world.anItem({}, 5)];
    const lots = () =>
      world.db.query(`SELECT expires_on, remaining, held FROM points.point_bucket WHERE customer_id = $1`, [member]);
    const before = await lots();
    world.boss.mood = () => 'refuses';
    const order = await world.place(member, item);
    await world.sending.execute();
    expect(
      await world.db.query('SELECT status, refusal FROM points.exchange_order WHERE order_id = $1', [order.orderId]),
    ).toEqual([{ status: 'REFUSED', refusal: 'OUT_OF_CARDS' }]);
    expect(await balanceOf(member)).toEqual({ available: 10_000, held: 0 });
    expect(await lots()).toEqual(before);
    expect(await world.onHand(item)).toBe(5);
  });

  const unsure: readonly Mood[] = ['is slow', 'dies', 'loses its reply', 'is busy'];
  it.each(unsure)(
    `[PTS-19] decides nothing while BOSS %s, and asks again under the same key, ${TIMES} times`,
    async (mood) => {
      const item = await world.anItem({}, TIMES);
      const members = await Promise.all(Array.from({ length: TIMES }, () => world.aMember()));
      const orders = await Promise.all(members.map((member) => world.place(member, item)));
      const refused = new Set(orders.filter((_, i) => i % 4 === 3).map(({ orderId }) => orderId));
      const bad = (nth: number): boolean => nth <= 2;
      world.boss.mood = (key, nth) => (bad(nth) ? mood : refused.has(key) ? 'refuses' : 'delivers');
      for (let attempt = 1; attempt <= 2; attempt++) {
        await world.sending.execute();
        for (const member of members) expect(await balanceOf(member)).toEqual({ available: 9_500, held: 500 });
        await world.sending.execute(); // Not due yet.
        world.clock.pass(A_WHILE);
      }
      expect(orders.map(({ orderId }) => world.boss.asked.get(orderId))).toEqual(orders.map(() => 2));
      await world.sending.execute();
      expect(orders.map(({ orderId }) => world.boss.asked.get(orderId))).toEqual(orders.map(() => 3));
      for (const { orderId, customerId } of orders) {
        // What BOSS has delivered before it fell silent is delivered, whatever it would say of a new order.
        const isDelivered = world.boss.decided.get(orderId)?.status === 'CONFIRMED';
        expect(isDelivered).toBe(!(refused.has(orderId) && ['dies', 'is busy'].includes(mood)));
        expect(await world.statusOf(orderId)).toBe(isDelivered ? 'COMPLETED' : 'REFUSED');
        expect(await balanceOf(customerId)).toEqual({ available: isDelivered ? 9_500 : 10_000, held: 0 });
      }
    },
  );

  it('[PTS-19] calls people when BOSS stays silent, holds the points until they decide, and ends each order once', async () => {
    const item = await world.anItem({}, 9);
    const standing = () =>
      world.db.query<{ detail: object }>(
        `SELECT detail FROM usage.intake_alarm WHERE kind = 'ORDERS_UNANSWERED' AND cleared_at IS NULL`,
      );
    const HOURS = BOSS_MAY_TAKE_HOURS * 3_600;
    world.boss.mood = () => 'dies';
    const orders = await Promise.all([1, 2, 3].map(async () => world.place(await world.aMember(), item)));
    const [byHand, back, late] = orders.map(({ customerId, orderId }) => ({ customerId, orderId, actorId: 'clerk' }));
    if (!byHand || !back || !late) throw new Error('Three orders were placed');
    const decide = (asked: typeof byHand, decision: Decision) => world.deciding.execute({ ...asked, decision });
    const askedUntil = async (seconds: number) => {
      for (let passed = 0; passed < seconds; passed += 600) {
        await world.sending.execute();
        world.clock.pass(600);
      }
    };
    await askedUntil(HOURS - 600);
    expect(await standing()).toEqual([]);
    await expect(decide(byHand, 'FULFILLED')).rejects.toMatchObject({
      code: 'points.nothing-to-decide',
      facts: { decideFrom: '2026-02-01T04:00:00.000Z' },
    });
    await askedUntil(600);
    await world.sending.execute();
    expect(await standing()).toEqual([{ detail: { since: '2026-02-01T02:00:00.000Z' } }]);
    // While an answer may be on its way nobody decides.
    await expect(decide(byHand, 'FULFILLED')).rejects.toMatchObject({ code: 'points.nothing-to-decide' });
    // Hour by hour from here on.
    const before = world.boss.asked.get(byHand.orderId) ?? 0;
    await askedUntil(24 * 3_600);
    expect((world.boss.asked.get(byHand.orderId) ?? 0) - before).toBeLessThanOrEqual(28);
    for (const { customerId } of orders) expect(await balanceOf(customerId)).toEqual({ available: 9_500, held: 500 });

    // Two who decide otherwise at once: one of them does.
    const raced = await Promise.allSettled([decide(byHand, 'FULFILLED'), decide(byHand, 'GIVEN_BACK')]);
    expect(raced.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const isFulfilled = raced[0].status === 'fulfilled';
    const again = isFulfilled ? 'FULFILLED' : 'GIVEN_BACK';
    expect(await decide(byHand, again)).toMatchObject({ status: isFulfilled ? 'COMPLETED' : 'CANCELLED' });
    expect(await balanceOf(byHand.customerId)).toEqual({ available: isFulfilled ? 9_500 : 10_000, held: 0 });
    expect(await decide(back, 'GIVEN_BACK')).toMatchObject({ status: 'CANCELLED' });
    expect(await balanceOf(back.customerId)).toEqual({ available: 10_000, held: 0 });
    const told = [byHand, back].map(({ orderId }) => world.boss.asked.get(orderId));
    // BOSS answers at last, for what nobody has decided about.
    world.boss.mood = () => 'delivers';
    world.clock.pass(3_600);
    await world.sending.execute();
    expect([byHand, back].map(({ orderId }) => world.boss.asked.get(orderId))).toEqual(told);
    expect(await world.statusOf(late.orderId)).toBe('COMPLETED');
    await expect(decide(late, 'GIVEN_BACK')).rejects.toMatchObject({ code: 'points.order-ended' });
    expect(await standing()).toEqual([]);
    const goods = await world.place(await world.aMember(), await world.anItem({ kind: 'GOODS' }, 1));
    await expect(decide({ ...goods, actorId: 'clerk' }, 'GIVEN_BACK')).rejects.toMatchObject({
      code: 'points.nothing-to-decide',
    });
  });

  it('[PTS-19] sees also what waits while no BOSS is set up, and lets BOSS or people end an order, whoever is first', async () => {
    const item = await world.anItem({}, TIMES);
    const nowhere = world.wired(world.transaction, new HttpBossOrders(undefined, undefined)).sending;
    const alarms = () => world.countOf(`usage.intake_alarm WHERE kind = 'ORDERS_UNANSWERED' AND cleared_at IS NULL`);
    for (let turn = 0; turn < TIMES; turn++) {
      const { customerId, orderId } = await world.place(await world.aMember(), item);
      world.clock.pass(BOSS_MAY_TAKE_HOURS * 3_600);
      await nowhere.execute();
      expect(await alarms()).toBe(1);
      const [, decided] = await Promise.allSettled([
        world.sending.execute(),
        world.deciding.execute({ customerId, orderId, decision: 'GIVEN_BACK', actorId: 'clerk' }),
      ]);
      const isDecided = decided.status === 'fulfilled';
      expect(await world.statusOf(orderId)).toBe(isDecided ? 'CANCELLED' : 'COMPLETED');
      expect(await balanceOf(customerId)).toEqual({ available: isDecided ? 10_000 : 9_500, held: 0 });
      // What was given back was not delivered as well.
      expect(world.boss.decided.has(orderId)).toBe(!isDecided);
      await nowhere.execute();
      expect(await alarms()).toBe(0);
    }
  });

  it(`[PTS-19] uses the points once when BOSS answers two attempts at the same moment, ${TIMES} times`, async () => {
    const item = await world.anItem({}, TIMES);
    world.boss.mood = () => 'waits to be asked twice';
    // Patience that outlasts the time after which the order is asked for again.
    const patient = world.wired(world.transaction, new HttpBossOrders(world.boss.url, undefined, 20_000)).sending;
    for (let turn = 0; turn < TIMES; turn++) {
      const member = await world.aMember();
      const { orderId } = await world.place(member, item);
      const first = patient.execute();
      while (!world.boss.asked.has(orderId)) await new Promise((resolve) => setTimeout(resolve, 2));
      world.clock.pass(A_WHILE);
      await Promise.all([first, patient.execute()]);
      expect(world.boss.asked.get(orderId)).toBe(2);
      expect(await balanceOf(member)).toEqual({ available: 9_500, held: 0 });
      expect(await world.countOf(`points.journal WHERE customer_id = '${member}' AND kind = 'CAPTURE'`)).toBe(1);
    }
  });

  it(`[PTS-19] goes on where it was killed, between any two steps, ${TIMES} times`, async () => {
    const item = await world.anItem({}, 2_000);
    class Killed extends Error {}
    class DiesAround extends BossOrders {
      readonly isSetUp = true;
      constructor(private readonly when: 'before' | 'after') {
        super();
      }
      async place(order: BossOrder): Promise<BossAnswer> {
        if (this.when === 'after') await world.orders.place(order);
        throw new Killed();
      }
    }
    const source = world.source;
    let [deathsOfPlacing, deathsOfSending] = [0, 0];
    for (let turn = 0; turn < TIMES; turn++) {
      world.boss.mood = () => (turn % 4 === 3 ? 'refuses' : 'delivers');
      const member = await world.aMember(20_000);
      const keys: string[] = [];
      // Placing dies before each of its statements, until it has none left to die before.
      for (let before = 1; ; before++) {
        const dying = new DyingTransaction(source, before);
        const key = `${turn}-${before}`;
        keys.push(key);
        await world
          .wired(dying)
          .placing.execute(world.asked(member, item, key))
          .catch(() => undefined);
        if (dying.deaths === 0) break;
        deathsOfPlacing += 1;
        expect(await world.countOf(`points.exchange_order WHERE idem_key = 'tester:${key}'`)).toBe(0);
      }
      const orders = await Promise.all(keys.map((key) => world.place(member, item, key)));
      expect(new Set(orders.map(({ orderId }) => orderId)).size).toBe(keys.length);
      expect(await balanceOf(member)).toEqual({ available: 20_000 - 500 * keys.length, held: 500 * keys.length });
      // The process dies before BOSS is asked, and after it has answered; then before each statement of what it does with the answer.
      for (const when of ['before', 'after'] as const) {
        await expect(world.wired(world.transaction, new DiesAround(when)).sending.execute()).rejects.toThrow(Killed);
        world.clock.pass(A_WHILE);
      }
      for (let before = 1; ; before++) {
        const dying = new DyingTransaction(source, before);
        await world
          .wired(dying)
          .sending.execute()
          .catch(() => undefined);
        world.clock.pass(A_WHILE);
        if (dying.deaths === 0) break;
        deathsOfSending += dying.deaths;
      }
      await world.sending.execute();
      const isRefused = turn % 4 === 3;
      for (const { orderId } of orders) expect(await world.statusOf(orderId)).toBe(isRefused ? 'REFUSED' : 'COMPLETED');
      expect(await balanceOf(member)).toEqual({ available: isRefused ? 20_000 : 20_000 - 500 * keys.length, held: 0 });
    }
    // So many statements there are, at least.
    expect(deathsOfPlacing).toBeGreaterThanOrEqual(TIMES * 6);
    expect(deathsOfSending).toBeGreaterThanOrEqual(TIMES * 5);
  });

  it('[PTS-19] sells what lies in stock and not a piece more, to 64 who come at once, some of whom fail', async () => {
    const item = await world.anItem({ kind: 'GOODS' }, 40);
    const [rich, poor] = [
      await Promise.all(Array.from({ length: 56 }, () => world.aMember())),
      await Promise.all(Array.from({ length: 8 }, () => world.aMember(300))),
    ];
    const outcomes = await Promise.allSettled(
      [...rich, ...poor].sort().map(async (member) => world.place(member, item)),
    );
    const codes = outcomes.map((each) =>
      each.status === 'fulfilled' ? 'ordered' : String((each.reason as { code?: string }).code),
    );
    expect(codes.filter((code) => code === 'ordered')).toHaveLength(40);
    expect(codes.filter((code) => code === 'points.sold-out')).toHaveLength(16);
    expect(codes.filter((code) => code === 'points.below-threshold')).toHaveLength(8);
    expect(await world.onHand(item)).toBe(0);
    expect(await world.countOf(`points.stock WHERE on_hand < 0`)).toBe(0);
  });

  it('[PTS-19] loses no piece while some order, some cancel and more is delivered, all at once', async () => {
    const item = await world.anItem({ kind: 'GOODS' }, 20);
    const placed = await Promise.all(Array.from({ length: 20 }, async () => world.place(await world.aMember(), item)));
    const others = await Promise.all(Array.from({ length: 30 }, () => world.aMember()));
    await Promise.allSettled([
      ...placed.map(({ customerId, orderId }) => world.goods.cancel({ customerId, orderId, actorId: 'tester' })),
      ...others.map((member) => world.place(member, item)),
      ...[5, 5, -3].map((quantity) => world.deliver(item, quantity)),
    ]);
    const open = await world.countOf(`points.exchange_order WHERE item_id = '${item}' AND status = 'OPEN'`);
    const [delivered] = await world.db.query<{ n: number }>(
      'SELECT sum(quantity)::int AS n FROM points.stock_delivery WHERE item_id = $1',
      [item],
    );
    expect(await world.onHand(item)).toBe((delivered?.n ?? 0) - open);
  });

  it('is one order when the same is asked 16 times at once, and a conflict when something else is', async () => {
    const [member, item] = [await world.aMember(), await world.anItem({ kind: 'GOODS' }, 20)];
    const orders = await Promise.all(Array.from({ length: 16 }, () => world.place(member, item, 'once')));
    expect(new Set(orders.map(({ orderId }) => orderId)).size).toBe(1);
    expect(await world.onHand(item)).toBe(19);
    const other = await world.anItem({ kind: 'GOODS' }, 1);
    await expect(world.place(member, other, 'once')).rejects.toMatchObject({ code: 'points.key-reused' });
  });

  it('[PTS-17] is had as often as the limit says, also when 16 orders come at once, and anew in the next points year', async () => {
    const [member, item] = [await world.aMember(), await world.anItem({ kind: 'GOODS', perPointsYear: 2 }, 20)];
    const outcomes = await Promise.allSettled(Array.from({ length: 16 }, () => world.place(member, item)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    await expect(world.place(member, item)).rejects.toMatchObject({
      code: 'points.item-limit-reached',
      facts: { field: 'itemId', limit: 2, ordered: 2, pointsYear: 2026 },
    });
    expect(await world.onHand(item)).toBe(18);
    world.clock.set('2026-11-30T23:59:00+08:00');
    await expect(world.place(member, item)).rejects.toMatchObject({ code: 'points.item-limit-reached' });
    world.clock.set('2026-12-01T00:00:00+08:00');
    expect(await world.place(member, item)).toMatchObject({ status: 'OPEN' });
  });

  it('[PTS-17] is paid for with the classes of points that it says', async () => {
    const [member, item] = [
      await world.aMember(9_000),
      await world.anItem({ kind: 'GOODS', classes: ['PROMOTION'] }, 5),
    ];
    const give = (points: number, reference: string) =>
      world.transaction.run((tx) =>
        world.facade.award(tx, {
          customerId: member,
          points,
          pointsType: 'PROMOTION',
          funderId: 'OPERATOR',
          reference,
          actorId: 'tester',
        }),
      );
    await give(400, `promotion of ${member}`);
    await expect(world.place(member, item)).rejects.toMatchObject({
      code: 'points.too-few-of-these-classes',
      facts: { classes: ['PROMOTION'], available: 400, requested: 500 },
    });
    await give(200, `more promotion of ${member}`);
    await world.place(member, item);
    expect(
      await world.db.query(
        `SELECT points_type, sum(remaining)::int AS remaining, sum(held)::int AS held FROM points.point_bucket
         WHERE customer_id = $1 GROUP BY 1 ORDER BY 1`,
        [member],
      ),
    ).toEqual([
      { points_type: 'SPENDING', remaining: 9_000, held: 0 },
      { points_type: 'PROMOTION', remaining: 100, held: 500 },
    ]);
  });

  it('refuses, and says of what it was that there is too little, or too much', async () => {
    const item = await world.anItem({ kind: 'GOODS' }, 5);
    const [modest, frozen, member] = [await world.aMember(3_500), await world.aMember(), await world.aMember()];
    await world.db.query(`UPDATE points.point_account SET frozen_reason = 'fraud' WHERE customer_id = $1`, [frozen]);
    await expect(world.place(modest, item)).rejects.toMatchObject({
      code: 'points.below-threshold',
      facts: { qualifying: 3_500, mustExceed: 3_500, gap: 1 },
    });
    await expect(world.place(frozen, item)).rejects.toMatchObject({ code: 'points.account-frozen' });
    await expect(world.place(member, 'NO_SUCH')).rejects.toMatchObject({ code: 'points.unknown-item' });
    await expect(world.place(newId(), item)).rejects.toMatchObject({ code: 'customers.not-found' });
    const [withdrawn, later, service, empty, dear] = [
      await world.anItem({ kind: 'GOODS', status: 'WITHDRAWN' }, 5),
      await world.anItem({ kind: 'GOODS', validFrom: '2026-02-02' }, 5),
      await world.anItem({ kind: 'SERVICE', benefit: 'AIRPORT_LOUNGE', units: 1 }),
      await world.anItem({ kind: 'GOODS' }),
      await world.anItem({ kind: 'GOODS', points: 10_001 }, 5),
    ];
    for (const each of [withdrawn, later])
      await expect(world.place(member, each)).rejects.toMatchObject({
        code: 'points.item-not-on-offer',
        facts: { field: 'itemId' },
      });
    await expect(world.place(member, service)).rejects.toMatchObject({
      code: 'points.item-of-another-kind',
      facts: { expected: ['MOBILE_PRODUCT', 'GOODS'], actual: 'SERVICE' },
    });
    await expect(world.place(member, empty)).rejects.toMatchObject({ code: 'points.sold-out' });
    await expect(world.place(member, dear)).rejects.toMatchObject({
      code: 'points.insufficient',
      facts: { available: 10_000, requested: 10_001 },
    });
    const ofBoss = await world.anItem({}, 5);
    const nowhere = world.wired(world.transaction, new HttpBossOrders(undefined, undefined)).placing;
    await expect(nowhere.execute(world.asked(member, ofBoss))).rejects.toMatchObject({
      code: 'points.boss-takes-no-orders',
      kind: 'unavailable',
    });
    expect(await balanceOf(member)).toEqual({ available: 10_000, held: 0 });
  });

  it('[PTS-20] uses the points for goods at the counter, or gives them back on cancellation, whichever is first', async () => {
    const item = await world.anItem({ kind: 'GOODS' }, 40);
    for (let turn = 0; turn < TIMES; turn++) {
      const customerId = await world.aMember();
      const { orderId } = await world.place(customerId, item);
      const asked = { customerId, orderId, actorId: 'tester' };
      const ends = [() => world.goods.handOver(asked), () => world.goods.cancel(asked)];
      const raced = await Promise.allSettled((turn % 2 ? ends : ends.toReversed()).flatMap((end) => [end(), end()]));
      const statuses = new Set(raced.flatMap((each) => (each.status === 'fulfilled' ? [each.value.status] : [])));
      expect([...statuses]).toHaveLength(1);
      expect(raced.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
      const isHandedOver = statuses.has('COMPLETED');
      expect(await balanceOf(customerId)).toEqual({ available: isHandedOver ? 9_500 : 10_000, held: 0 });
      const loser = isHandedOver ? world.goods.cancel(asked) : world.goods.handOver(asked);
      await expect(loser).rejects.toMatchObject({ code: 'points.order-ended', facts: { status: [...statuses][0] } });
    }
    const [member, card] = [await world.aMember(), await world.anItem({}, 1)];
    const { orderId } = await world.place(member, card);
    const asked = { customerId: member, orderId, actorId: 'tester' };
    await expect(world.goods.cancel(asked)).rejects.toMatchObject({ code: 'points.boss-decides' });
    await expect(world.goods.handOver(asked)).rejects.toMatchObject({ code: 'points.boss-decides' });
    await world.sending.execute();
  });

  it('[PTS-19] shows the secret of a card, and keeps it nowhere in the clear', async () => {
    const written: string[] = [];
    const write = (...said: unknown[]): number => written.push(said.map(String).join(' '));
    Logger.overrideLogger({ log: write, warn: write, error: write, debug: write, verbose: write, fatal: write });
    const [member, item] = [await world.aMember(), await world.anItem({}, 5)];
    const { orderId } = await world.place(member, item);
    await expect(world.showing.execute(member, orderId, CLERK)).rejects.toMatchObject({
      code: 'points.no-card-to-show',
    });
    world.boss.mood = (_, nth) => (nth === 1 ? 'loses its reply' : 'delivers');
    await world.sending.execute();
    world.clock.pass(A_WHILE);
    await world.sending.execute();
    const { cardNumber = '', secret = '' } = world.boss.decided.get(orderId)?.card ?? {};
    expect(secret).toContain('secret');

    const tables = await world.db.query<{ name: string }>(
      `SELECT c.oid::regclass::text AS name FROM pg_class c
       WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
         AND c.relnamespace::regnamespace::text NOT IN ('pg_catalog', 'information_schema')`,
    );
    const foundIn = async (text: string): Promise<string[]> => {
      const found: string[] = [];
      for (const { name } of tables) {
        const hits = await world.countOf(
          `${name} t WHERE to_jsonb(t)::text LIKE '%${text}%'
             OR to_jsonb(t)::text LIKE '%${Buffer.from(text).toString('hex')}%'`,
        );
        if (hits > 0) found.push(name);
      }
      return found;
    };
    expect(await foundIn(orderId)).toEqual(expect.arrayContaining(['points.exchange_order', 'points.journal']));
    expect([await foundIn(secret), await foundIn(cardNumber)]).toEqual([[], []]);

    const show = () => world.showing.execute(member, orderId, CLERK);
    expect(await Promise.all(Array.from({ length: 8 }, show))).toEqual(
      Array.from({ length: 8 }, () => ({ cardNumber, secret })),
    );
    expect([await foundIn(secret), await foundIn(cardNumber)]).toEqual([[], []]);
    Logger.overrideLogger(false);
    expect(written.join('')).toContain('BOSS has not answered');
    expect(written.join('')).not.toContain(secret);
    expect(await world.countOf(`platform.outbox WHERE payload::text LIKE '%${secret}%'`)).toBe(0);
  });

  it('[PTS-19] shows a card again when its answer was lost, to whoever saw it first and to the customer, for three days', async () => {
    const [member, item] = [await world.aMember(), await world.anItem({}, 5)];
    const { orderId } = await world.place(member, item);
    await world.sending.execute();
    const card = world.boss.decided.get(orderId)?.card;
    const show = (actorId: string) => world.showing.execute(member, orderId, actorId);
    const [other, themselves] = [newId(), member];
    // Two clerks look at once: one of them is first, and stays it.
    const raced = await Promise.allSettled([show(CLERK), show(other)]);
    expect(raced.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    const [first, second] = raced[0].status === 'fulfilled' ? [CLERK, other] : [other, CLERK];
    for (const again of [first, themselves, first]) expect(await show(again)).toEqual(card);
    await expect(show(second)).rejects.toMatchObject({ code: 'points.card-was-shown-to-another', kind: 'forbidden' });
    const forgetting = new ForgetShownCards();
    const [term] = await world.db.query<{ hours: number }>(
      `SELECT extract(epoch FROM term)::int / 3600 AS hours FROM customers.retention_class WHERE code = $1`,
      [forgetting.retentionClass],
    );
    expect(term?.hours).toBe(CARD_CAN_BE_SHOWN_HOURS);
    const shownAt = world.clock.now();
    world.clock.set(new Date(shownAt.getTime() + CARD_CAN_BE_SHOWN_HOURS * 3_600_000 - 1).toISOString());
    expect(await show(themselves)).toEqual(card);
    world.clock.pass(0.001);
    for (const late of [first, themselves])
      await expect(show(late)).rejects.toMatchObject({ code: 'points.card-was-shown', kind: 'gone' });
    await world.transaction.run(async (tx) => {
      expect(await forgetting.end(tx, shownAt)).toBe(0);
      const before = new Date(shownAt.getTime() + 1);
      expect(await forgetting.count(tx, before)).toBe(await forgetting.end(tx, before));
    });
    expect(await world.countOf(`points.exchange_order WHERE order_id = '${orderId}' AND card_sealed IS NULL`)).toBe(1);
    await expect(show(themselves)).rejects.toMatchObject({ code: 'points.card-was-shown' });
  });

  it('[PTS-19] forgets with the customer the card that was not shown, and seals none for who was erased before it came', async () => {
    const [member, gone, item] = [await world.aMember(), await world.aMember(), await world.anItem({}, 5)];
    const order = await world.place(member, item);
    await world.sending.execute();
    expect(
      await world.countOf(`points.exchange_order WHERE customer_id = '${member}' AND card_sealed IS NOT NULL`),
    ).toBe(1);
    const listener = new ForgetBoughtCardsWhenCustomerIsErased(new ForgetCards());
    await world.transaction.run((tx) => listener.handle(tx, event(member)));
    expect(
      await world.countOf(`points.exchange_order WHERE customer_id = '${member}' AND card_sealed IS NOT NULL`),
    ).toBe(0);
    await expect(world.showing.execute(member, order.orderId, CLERK)).rejects.toMatchObject({
      code: 'points.no-card-to-show',
    });

    const late = await world.place(gone, item);
    await world.db.query(`UPDATE customers.customer SET erased_at = now() WHERE customer_id = $1`, [gone]);
    await world.db.query('DELETE FROM vault.subject_key WHERE subject_id = $1', [gone]);
    await world.sending.execute();
    expect(await world.statusOf(late.orderId)).toBe('COMPLETED');
    expect(await world.countOf(`points.exchange_order WHERE customer_id = '${gone}' AND card_sealed IS NOT NULL`)).toBe(
      0,
    );
  });

  it('[AUD-02] is placed, ended and seen by the customer and by whose scope the customer is in, and by nobody else', async () => {
    const [goods, card] = [await world.anItem({ kind: 'GOODS' }, 5), await world.anItem({}, 5)];
    const customerId = await world.aMember();
    const by = <T>(scope: Partial<Scope>, work: () => Promise<T>): Promise<T> =>
      actingFor({ scope: { ...NOBODY, ...scope }, operation: 'POST /', requestId: 'r', clientAddress: '::1' }, work);
    const [themselves, theirs, others] = [{ customerId }, { provinces: ['440000'] }, { provinces: ['320000'] }];
    const place = (scope: Partial<Scope>, item: string) => by(scope, () => world.place(customerId, item));

    const umbrella = await place(theirs, goods);
    const topUp = await place(themselves, card);
    for (const item of [goods, card]) await expect(place(others, item)).rejects.toMatchObject({ kind: 'not-found' });
    await world.sending.execute();
    const asked = { customerId, orderId: umbrella.orderId, actorId: 'tester' };
    const show = (scope: Partial<Scope>) => by(scope, () => world.showing.execute(customerId, topUp.orderId, CLERK));
    await expect(by(others, () => world.goods.handOver(asked))).rejects.toMatchObject({
      code: 'points.order-not-found',
    });
    await expect(show(others)).rejects.toMatchObject({ code: 'points.order-not-found' });
    expect(await by(theirs, () => world.goods.handOver(asked))).toMatchObject({ status: 'COMPLETED' });
    const own = () => world.showing.execute(customerId, topUp.orderId, customerId);
    expect(await by(themselves, own)).toEqual(world.boss.decided.get(topUp.orderId)?.card);
    const another = await place(themselves, goods);
    expect(await by(themselves, () => world.goods.cancel({ ...asked, orderId: another.orderId }))).toMatchObject({
      status: 'CANCELLED',
    });
  });

  it('ends the orders of who leaves the network: goods stay, and what BOSS delivers is delivered', async () => {
    const [goods, card] = [await world.anItem({ kind: 'GOODS' }, 9), await world.anItem({}, 9)];
    const departs = new CancelOrdersWhenCustomerDeparts(world.leaving);
    const close = (customerId: string) => world.closeAccount(customerId);
    const cancel = (customerId: string) => world.transaction.run((tx) => departs.handle(tx, event(customerId)));
    for (const turns of [
      [close, cancel],
      [cancel, close],
    ]) {
      for (const mood of ['delivers', 'refuses'] as const) {
        world.boss.mood = () => mood;
        const customerId = await world.aMember();
        const [umbrella, topUp] = [await world.place(customerId, goods), await world.place(customerId, card)];
        for (const turn of turns) await turn(customerId);
        expect(await world.statusOf(umbrella.orderId)).toBe('CANCELLED');
        await world.sending.execute();
        expect(await world.statusOf(topUp.orderId)).toBe(mood === 'delivers' ? 'COMPLETED' : 'REFUSED');
        expect(await balanceOf(customerId)).toEqual({ available: 0, held: 0 });
        await expect(world.place(customerId, goods)).rejects.toMatchObject({ code: 'points.account-closed' });
      }
    }
    expect([await world.onHand(goods), await world.onHand(card)]).toEqual([9, 7]);
  });

  it('believes no answer of BOSS but one that names the order and decides', async () => {
    const answers = [
      [200, '{"orderKey":"another","status":"CONFIRMED","reference":"B1"}'],
      [200, '{"status":"REFUSED","reason":"NO"}'],
      [200, '{"orderKey":"this","status":"PENDING"}'],
      [200, '{"orderKey":"this","status":"CONFIRMED","reference":"B1","card":{"cardNumber":"1"}}'],
      [200, '{"orderKey":"this","status":"REFUSED","reason":"a long story of what went wrong"}'],
      [200, 'not JSON'],
      [404, '{"orderKey":"this","status":"REFUSED","reason":"NO"}'],
      [200, `{"orderKey":"this","status":"REFUSED","reason":"NO","more":"${'x'.repeat(20_000)}"}`],
      [200, '{"orderKey":"this","status":"REFUSED","reason":"NO"}'],
    ] as const;
    const fetching = jest.spyOn(globalThis, 'fetch');
    const said: string[] = [];
    for (const [status, text] of answers) {
      fetching.mockImplementation(() => Promise.resolve(new Response(text, { status })));
      said.push((await world.orders.place({ orderKey: 'this', product: 'CARD10', valueFen: 1 })).said);
    }
    fetching.mockRestore();
    expect(said).toEqual([...Array.from({ length: answers.length - 1 }, () => 'unknown'), 'refused']);
  });
});

describe('the proof of orders', () => {
  it.each([
    [
      'exchange-holds',
      'an order that is open although its hold has ended',
      `UPDATE points.exchange_order SET status = 'OPEN', ended_at = NULL WHERE kind = 'GOODS' AND status = 'COMPLETED'`,
    ],
    [
      'exchange-holds',
      'an order that is completed although its points came back',
      `UPDATE points.exchange_order SET status = 'COMPLETED', ended_at = now() WHERE status = 'CANCELLED'`,
    ],
    [
      'exchange-holds',
      'a hold of other points than the order costs',
      `UPDATE points.point_hold SET points = 501 WHERE state = 'HELD'`,
    ],
    ['exchange-holds', 'a hold without an order', `DELETE FROM points.exchange_order WHERE status = 'OPEN'`],
    [
      'exchange-stock',
      'a piece that nobody delivered',
      `UPDATE points.stock SET on_hand = on_hand + 1 WHERE stripe = 0`,
    ],
    ['exchange-sent', 'an open order that BOSS is not asked about', `DELETE FROM points.order_to_send`],
    [
      'exchange-services',
      'a service that nobody paid for',
      `INSERT INTO points.exchange_order (customer_id, order_id, item_id, kind, points, points_year, channel, status,
         idem_key, request_hash, ordered_by, ordered_at, ended_at)
       SELECT customer_id, gen_random_uuid(), item_id, 'SERVICE', 1, 2026, 'HALL', 'COMPLETED', 'x', '', '', now(), now()
       FROM points.exchange_order LIMIT 1`,
    ],
  ])('%s finds %s', async (id, _, tampering) => {
    const world = await exchangeWorld();
    try {
      const [goods, card] = [await world.anItem({ kind: 'GOODS' }, 9), await world.anItem({}, 9)];
      const place = async (item: string) => {
        const customerId = await world.aMember();
        return { ...(await world.place(customerId, item)), actorId: 'tester' };
      };
      await world.goods.handOver(await place(goods));
      await world.goods.cancel(await place(goods));
      await place(card);
      expect(await world.violations()).toEqual([]);
      await world.db.query(tampering);
      expect(await world.violations()).toContainEqual(expect.objectContaining({ id }));
    } finally {
      await world.close();
    }
  });
});
