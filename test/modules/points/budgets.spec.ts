import { GivePointsBackUseCase } from '../../../src/modules/points/application/ledger/give-points-back.js';
import { SmallPayments } from '../../../src/modules/points/application/holds/small-payments.js';
import { HoldPointsAtMerchants } from '../../../src/modules/points/application/holds/hold-points-at-merchants.js';
import { OpenAuctionUseCase } from '../../../src/modules/points/application/auctions/open-auction.js';
import { PlaceBidUseCase } from '../../../src/modules/points/application/auctions/place-bid.js';
import { CloseAuctions } from '../../../src/modules/points/application/auctions/close-auctions.js';
import { wiredTo } from './points-world.js';
import pg from 'pg';
import { applicationDataSource } from '../../../src/platform/database/data-source.js';
import { newId } from '../../../src/platform/database/index.js';
import type { BudgetKind } from '../../../src/modules/points/domain/money/budget.js';
import { giveBackToBudgets, takeFromBudgets } from '../../../src/modules/points/persistence/money/budgets.js';
import { moneyWorld } from './money-world.js';

interface Refused {
  readonly code: string;
  readonly facts: { readonly requested: number };
}

describe('a budget of points', () => {
  let world: Awaited<ReturnType<typeof moneyWorld>>;

  beforeAll(async () => {
    world = await moneyWorld();
  });
  afterAll(() => world.db.drop());

  let years = 2026;
  /** In a points year of its own, whose first day the clock shows. */
  async function aBudget(hardPoints: number, more: { kind?: BudgetKind; region?: string; softPoints?: number } = {}) {
    years += 1;
    world.clock.set(`${years - 1}-12-01T10:00:00+08:00`);
    return world.budgets.set({ pointsYear: years, kind: 'GOODS', hardPoints, actorId: 'me', ...more });
  }
  async function aMemberWith(points: number, region = '440000'): Promise<string> {
    const customerId = await world.aCustomerOf(region);
    await world.award(customerId, points);
    return customerId;
  }
  const take = (points: number, on: string, { useId = newId(), region = '440000' } = {}) =>
    world.transaction.run((tx) => takeFromBudgets(tx, { useId, kind: 'GOODS', region, points, on }));
  const usedOf = async (budgetId: string) => (await world.budgets.get(budgetId)).used;
  const sound = async () => expect(await world.found('I15')).toEqual([]);

  it('[PTS-15] blocks beyond its hard limit, and says what is left', async () => {
    const { budgetId } = await aBudget(1_000);
    const customerId = await aMemberWith(8_000);
    await world.redeem(customerId, 700);
    await expect(world.redeem(customerId, 301)).rejects.toMatchObject({
      code: 'points.budget-used-up',
      facts: { budget: budgetId, limit: 1_000, left: 300, requested: 301, kind: 'GOODS' },
    });
    expect((await world.account.balanceOf(customerId)).available).toBe(7_300);
    await world.redeem(customerId, 300);
    expect(await usedOf(budgetId)).toBe(1_000);
    // Of another kind, and in another year, it says nothing.
    await world.redeem(customerId, 500, { purpose: 'SERVICE' });
    years += 1;
    world.clock.set(`${years - 1}-12-01T10:00:00+08:00`);
    await world.redeem(customerId, 500);
    expect(await usedOf(budgetId)).toBe(1_000);
    await sound();
  });

  it('[PTS-15] is of one province beside that of everybody: both must have enough', async () => {
    const whole = await aBudget(1_000);
    const ofProvince = await world.budgets.set({
      ...{ pointsYear: years, kind: 'GOODS', region: '450000', hardPoints: 400, actorId: 'me' },
    });
    const [inside, outside] = [await aMemberWith(8_000, '450000'), await aMemberWith(8_000, '440000')];
    await world.redeem(inside, 400);
    await expect(world.redeem(inside, 1)).rejects.toMatchObject({ facts: { budget: ofProvince.budgetId, left: 0 } });
    await world.redeem(outside, 600);
    await expect(world.redeem(outside, 1)).rejects.toMatchObject({ facts: { budget: whole.budgetId, left: 0 } });
    expect([await usedOf(whole.budgetId), await usedOf(ofProvince.budgetId)]).toEqual([1_000, 400]);
    await sound();
  });

  it('[PTS-15] is never overrun, however many use it at once, and used to the last point', async () => {
    const { budgetId } = await aBudget(50_000);
    const customers = await Promise.all(Array.from({ length: 32 }, () => aMemberWith(8_000)));
    const answers = await Promise.allSettled(
      customers.flatMap((customerId, i) =>
        Array.from({ length: 10 }, (_, k) => world.redeem(customerId, 90 + ((i * 10 + k) % 211))),
      ),
    );
    const refused = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as Refused] : []));
    expect(new Set(refused.map(({ code }) => code))).toEqual(new Set(['points.budget-used-up']));
    const [{ redeemed } = { redeemed: 0 }] = await world.db.query<{ redeemed: number }>(
      `SELECT sum(points)::bigint AS redeemed FROM points.posting WHERE credit = 'REDEEMED_GOODS' AND customer_id = ANY($1)`,
      [customers],
    );
    expect(await usedOf(budgetId)).toBe(redeemed);
    expect(redeemed).toBeLessThanOrEqual(50_000);
    // The smallest that was refused did not fit.
    expect(50_000 - redeemed).toBeLessThan(Math.min(...refused.map(({ facts }) => facts.requested)));
    // What is left is together then, and somebody gets all of it.
    if (redeemed < 50_000) await world.redeem(customers[0] ?? '', 50_000 - redeemed);
    await expect(world.redeem(customers[1] ?? '', 1)).rejects.toMatchObject({ code: 'points.budget-used-up' });
    expect(await usedOf(budgetId)).toBe(50_000);
    await sound();
  }, 60_000);

  it('[PTS-15] is taken from once for the same redemption, also when the answer was lost', async () => {
    const { budgetId } = await aBudget(500);
    const customerId = await aMemberWith(8_000);
    const first = await world.redeem(customerId, 500, { key: 'mine' });
    const again = await Promise.all(Array.from({ length: 8 }, () => world.redeem(customerId, 500, { key: 'mine' })));
    expect(again).toEqual(again.map(() => first));
    expect(await usedOf(budgetId)).toBe(500);
    const [useId, on] = [newId(), `${years}-01-01`];
    await world.budgets.limit({ budgetId, hardPoints: 600 });
    for (let turn = 0; turn < 3; turn += 1) await take(100, on, { useId });
    expect(await usedOf(budgetId)).toBe(600);
    await sound();
  });

  it('[PTS-15] leaves nothing taken by what is refused for another reason, or given up', async () => {
    const { budgetId } = await aBudget(500);
    const customerId = await aMemberWith(3_600);
    await expect(world.redeem(customerId, 3_700)).rejects.toMatchObject({ code: 'points.insufficient' });
    await expect(
      world.transaction.run(async (tx) => {
        await takeFromBudgets(tx, {
          useId: newId(),
          kind: 'GOODS',
          region: '440000',
          points: 500,
          on: `${years}-01-01`,
        });
        throw new Error('thought better of it');
      }),
    ).rejects.toThrow('thought better of it');
    expect(await usedOf(budgetId)).toBe(0);
    await sound();
  });

  it('[PTS-15] may be used again for what was given back, once', async () => {
    const { budgetId } = await aBudget(500);
    const [useId, returnId, on] = [newId(), newId(), `${years}-01-01`];
    await take(500, on, { useId });
    await expect(take(1, on)).rejects.toMatchObject({ code: 'points.budget-used-up' });
    for (let turn = 0; turn < 3; turn += 1) {
      await world.transaction.run((tx) => giveBackToBudgets(tx, { useId, returnId, points: 200, on }));
    }
    expect(await usedOf(budgetId)).toBe(300);
    await take(200, on);
    await expect(take(1, on)).rejects.toMatchObject({ code: 'points.budget-used-up' });
    await sound();
  });

  it('[PTS-15] may be used again when a redemption was cancelled', async () => {
    const { budgetId } = await aBudget(500);
    const customerId = await aMemberWith(8_000);
    const { redemptionId } = await world.redeem(customerId, 500);
    await Promise.all(Array.from({ length: 4 }, () => world.reverse(redemptionId)));
    expect(await usedOf(budgetId)).toBe(0);
    await world.redeem(customerId, 500);
    await expect(world.redeem(customerId, 1)).rejects.toMatchObject({ code: 'points.budget-used-up' });
    await sound();
  });

  it('[PTS-15] of small payments counts those that stand', async () => {
    const { budgetId } = await aBudget(500, { kind: 'PAYMENT' });
    const payments = new SmallPayments(
      world.transaction,
      world.database,
      world.single,
      new GivePointsBackUseCase(world.ledger, world.outbox, world.clock),
      world.clock,
    );
    const customerId = await aMemberWith(8_000);
    const by = { customerId, channel: 'HALL', actorId: 'me' } as const;
    const { paymentId } = await payments.pay({ ...by, amountFen: 999, key: 'one' });
    await payments.pay({ ...by, amountFen: 999, key: 'one' });
    await expect(payments.pay({ ...by, amountFen: 1, key: undefined })).rejects.toMatchObject({
      code: 'points.budget-used-up',
    });
    expect(await usedOf(budgetId)).toBe(500);
    await payments.reverse({ ...by, paymentId });
    await payments.reverse({ ...by, paymentId });
    expect(await usedOf(budgetId)).toBe(0);
    await sound();
  });

  const giving = () => new GivePointsBackUseCase(world.ledger, world.outbox, world.clock);
  const atMerchants = (of: Pick<typeof world, 'transaction' | 'single' | 'clock'> = world) => {
    const holding = new HoldPointsAtMerchants(of.single, giving(), of.clock);
    const asked = (customerId: string, holdId: string, key: string) => ({
      ...{ customerId, holdId, key, requestHash: 'any', actorId: 'terminal' },
    });
    return {
      authorise: async (customerId: string, points: number, holdId = newId()): Promise<string> => {
        const hold = { ...asked(customerId, holdId, `hold:${holdId}`), points };
        await of.transaction.run((tx) => holding.authorise(tx, hold));
        return holdId;
      },
      capture: (customerId: string, holdId: string, points: number) =>
        of.transaction.run((tx) => holding.capture(tx, { ...asked(customerId, holdId, `take:${holdId}`), points })),
      void: (customerId: string, holdId: string) =>
        of.transaction.run((tx) => holding.void(tx, asked(customerId, holdId, `void:${holdId}`))),
      giveBack: (customerId: string, holdId: string, points: number | 'all', key: string = newId()) =>
        of.transaction.run((tx) => holding.giveBack(tx, { ...asked(customerId, holdId, key), points })),
    };
  };

  it('[PTS-15] counts what merchants hold when they hold it, and what they took less what they gave back in the end', async () => {
    const { budgetId } = await aBudget(1_000, { kind: 'PAYMENT' });
    const [customerId, pos] = [await aMemberWith(8_000), atMerchants()];
    const first = await pos.authorise(customerId, 700);
    await pos.authorise(customerId, 700, first);
    await expect(pos.authorise(customerId, 301)).rejects.toMatchObject({
      code: 'points.budget-used-up',
      facts: { budget: budgetId, limit: 1_000, left: 300, requested: 301, kind: 'PAYMENT' },
    });
    expect((await world.account.balanceOf(customerId)).available).toBe(7_300);
    expect(await usedOf(budgetId)).toBe(700);
    await pos.capture(customerId, first, 600);
    await pos.capture(customerId, first, 600);
    expect(await usedOf(budgetId)).toBe(600);
    const key = newId();
    for (let turn = 0; turn < 3; turn += 1) await pos.giveBack(customerId, first, 150, key);
    expect(await usedOf(budgetId)).toBe(450);
    await pos.giveBack(customerId, first, 450);
    expect(await usedOf(budgetId)).toBe(0);
    const second = await pos.authorise(customerId, 1_000);
    await Promise.all([pos.void(customerId, second), pos.void(customerId, second)]);
    expect(await usedOf(budgetId)).toBe(0);
    // Whoever leaves the network leaves nothing held, of any kind.
    const leaver = await aMemberWith(8_000);
    for (const points of [200, 300, 500]) await pos.authorise(leaver, points);
    await expect(pos.authorise(customerId, 1)).rejects.toMatchObject({ code: 'points.budget-used-up' });
    await world.close(leaver);
    expect(await usedOf(budgetId)).toBe(0);
    await sound();
  });

  it('[PTS-15] is never overrun by 32 connections of merchants that hold, take, let go and give back', async () => {
    const { budgetId } = await aBudget(20_000, { kind: 'PAYMENT' });
    const customers = await Promise.all(Array.from({ length: 32 }, () => aMemberWith(8_000)));
    const source = applicationDataSource({ url: world.db.url, poolSize: 32, entities: [] });
    await source.initialize();
    const pos = atMerchants(wiredTo(source, world.clock));
    const refused = new Set<string>();
    await Promise.all(
      customers.map(async (customerId, i) => {
        for (let k = 0; k < 12; k += 1) {
          const points = 150 + ((i * 37 + k * 101) % 400);
          try {
            const holdId = await pos.authorise(customerId, points);
            if (k % 4 === 1) await pos.void(customerId, holdId);
            else await pos.capture(customerId, holdId, k % 4 === 2 ? 100 : points);
            if (k % 4 === 3) await pos.giveBack(customerId, holdId, 60);
          } catch (error) {
            refused.add((error as Refused).code);
          }
          // At every moment.
          if (k % 3 === 0) await sound();
        }
      }),
    );
    expect([...refused]).toEqual(['points.budget-used-up']);
    const [{ taken } = { taken: 0 }] = await world.db.query<{ taken: number }>(
      `SELECT sum(CASE credit WHEN 'POS_CLEARING' THEN points ELSE -points END)::bigint AS taken FROM points.posting
       WHERE 'POS_CLEARING' IN (debit, credit) AND customer_id = ANY($1)`,
      [customers],
    );
    expect(await usedOf(budgetId)).toBe(taken);
    expect(taken).toBeLessThanOrEqual(20_000);
    const rich = await aMemberWith(30_000);
    if (taken < 20_000) await pos.authorise(rich, 20_000 - taken);
    await expect(pos.authorise(rich, 1)).rejects.toMatchObject({ code: 'points.budget-used-up' });
    await source.destroy();
    await sound();
  }, 60_000);

  it('[PTS-15] counts the bid that stands in an auction, and needs room for the difference alone', async () => {
    const { budgetId } = await aBudget(3_000);
    const bidding = new PlaceBidUseCase(world.transaction, world.single, world.clock);
    const auction = () =>
      new OpenAuctionUseCase(world.transaction, world.clock).execute(
        {
          ...{ labelEn: 'Two tickets', labelZh: '门票两张', reservePoints: 1_000, stepPoints: 100 },
          ...{
            opensAt: new Date(`${years - 1}-12-01T09:00:00+08:00`),
            closesAt: new Date(`${years - 1}-12-02T09:00:00+08:00`),
          },
        },
        'me',
      );
    const { auctionId } = await auction();
    const bidders = await Promise.all(Array.from({ length: 16 }, () => aMemberWith(8_000)));
    const bid = (customerId: string, points: number, id = auctionId) =>
      bidding.execute({ auctionId: id, customerId, points, channel: 'APP', actorId: 'me', key: undefined });
    await Promise.allSettled(bidders.map((customerId, i) => bid(customerId, 1_000 + i * 100)));
    await bid(bidders[0] ?? '', 2_800);
    await bid(bidders[0] ?? '', 2_900);
    await bid(bidders[1] ?? '', 3_000);
    expect(await usedOf(budgetId)).toBe(3_000);
    await expect(bid(bidders[2] ?? '', 3_100)).rejects.toMatchObject({
      code: 'points.budget-used-up',
      facts: { left: 3_000 },
    });
    const other = await auction();
    await expect(bid(bidders[3] ?? '', 1_000, other.auctionId)).rejects.toMatchObject({
      code: 'points.budget-used-up',
    });
    await expect(world.redeem(bidders[3] ?? '', 1)).rejects.toMatchObject({ code: 'points.budget-used-up' });
    await sound();
    world.clock.set(`${years - 1}-12-02T10:00:00+08:00`);
    await new CloseAuctions(world.transaction, world.single, world.clock).execute();
    expect(await usedOf(budgetId)).toBe(3_000);
    await sound();
  });

  it('[PTS-15] of what is given on top blocks that, and nothing that was promised', async () => {
    const { budgetId } = await aBudget(1_000, { kind: 'PROMOTION' });
    const customerId = await world.aCustomerOf('440000');
    const give = (points: number, pointsType: 'PROMOTION' | 'SPENDING', reference: string) =>
      world.transaction.run((tx) =>
        world.facade.award(tx, { customerId, points, pointsType, funderId: 'CAMPAIGN', reference, actorId: 'me' }),
      );
    await give(900, 'PROMOTION', `first ${years}`);
    await give(900, 'PROMOTION', `first ${years}`);
    await expect(give(101, 'PROMOTION', `second ${years}`)).rejects.toMatchObject({ code: 'points.budget-used-up' });
    await give(5_000, 'SPENDING', `bill ${years}`);
    expect((await world.account.balanceOf(customerId)).available).toBe(5_900);
    expect(await usedOf(budgetId)).toBe(900);
    await sound();
  });

  it('[PTS-15] that is set during the year counts what was used, also by those who are just using it', async () => {
    years += 1;
    world.clock.set(`${years - 1}-12-01T10:00:00+08:00`);
    const customers = await Promise.all(Array.from({ length: 8 }, () => aMemberWith(8_000)));
    const set = { pointsYear: years, kind: 'GOODS', actorId: 'me' } as const;
    const [budget, ...answers] = await Promise.allSettled([
      world.budgets.set({ ...set, hardPoints: 4_000 }),
      ...customers.flatMap((customerId) => Array.from({ length: 10 }, () => world.redeem(customerId, 100))),
    ]);
    if (budget.status === 'rejected') {
      expect(budget.reason).toMatchObject({ code: 'points.budget-below-use' });
    } else {
      expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(40);
      const { budgetId } = budget.value as { budgetId: string };
      expect(await usedOf(budgetId)).toBe(4_000);
      await expect(world.budgets.limit({ budgetId, hardPoints: 3_999 })).rejects.toMatchObject({
        code: 'points.budget-below-use',
        facts: { used: 4_000, limit: 3_999 },
      });
      await expect(world.budgets.set({ ...set, hardPoints: 9_000 })).rejects.toMatchObject({
        code: 'points.budget-taken',
      });
    }
    await sound();
  });

  it('[PTS-15] that is set during the year lets everybody go on while the ledger is read, and is right to the point', async () => {
    years += 1;
    world.clock.set(`${years - 1}-12-01T10:00:00+08:00`);
    const [customers, pos] = [await Promise.all(Array.from({ length: 8 }, () => aMemberWith(8_000))), atMerchants()];
    const auctionsOf = customers[0] ?? '';
    const spend = (customerId: string) => world.redeem(customerId, 10, { purpose: 'GOODS' });
    await Promise.all(customers.map(spend));
    const open = await pos.authorise(auctionsOf, 500);
    const taken = await pos.authorise(auctionsOf, 300);
    await pos.capture(auctionsOf, taken, 300);
    world.clock.set(`${years}-01-15T10:00:00+08:00`);
    await spend(auctionsOf);
    const owner = new pg.Client({ connectionString: world.db.url });
    await owner.connect();
    await owner.query('BEGIN');
    // Whoever reads the year has to wait for December; whoever redeems in January has not.
    await owner.query(`LOCK TABLE points.posting_${years - 1}12 IN ACCESS EXCLUSIVE MODE`);
    const set = (kind: BudgetKind) => world.budgets.set({ pointsYear: years, kind, hardPoints: 10_000, actorId: 'me' });
    const setting = Promise.all([set('GOODS'), set('PAYMENT')]);
    for (let waiting = 0; waiting < 2;) {
      [{ waiting }] = (await world.db.query(
        `SELECT count(*)::int AS waiting FROM pg_locks WHERE NOT granted AND relation = 'points.posting_${years - 1}12'::regclass`,
      )) as [{ waiting: number }];
    }
    await Promise.all(customers.map(spend));
    await pos.capture(auctionsOf, open, 200);
    const late = await pos.authorise(auctionsOf, 700);
    await owner.query('COMMIT');
    await owner.end();
    const [goods, payment] = await setting;
    expect(goods.used).toBe(170);
    expect(payment.used).toBe(300 + 200 + 700);
    await pos.void(auctionsOf, late);
    expect(await usedOf(payment.budgetId)).toBe(500);
    await spend(auctionsOf);
    expect(await usedOf(goods.budgetId)).toBe(180);
    await sound();
  }, 30_000);

  it('[PTS-15] that was refused limits nobody, and can be set afterwards', async () => {
    years += 1;
    world.clock.set(`${years - 1}-12-01T10:00:00+08:00`);
    const customerId = await aMemberWith(8_000);
    await world.redeem(customerId, 500);
    const set = { pointsYear: years, kind: 'GOODS', actorId: 'me' } as const;
    await expect(world.budgets.set({ ...set, hardPoints: 400 })).rejects.toMatchObject({
      code: 'points.budget-below-use',
      facts: { used: 500, limit: 400 },
    });
    expect((await world.budgets.all()).filter(({ pointsYear }) => pointsYear === years)).toEqual([]);
    await world.redeem(customerId, 600);
    const { used, budgetId } = await world.budgets.set({ ...set, hardPoints: 1_200 });
    expect(used).toBe(1_100);
    await expect(world.redeem(customerId, 101)).rejects.toMatchObject({ code: 'points.budget-used-up' });
    await world.redeem(customerId, 100);
    expect(await usedOf(budgetId)).toBe(1_200);
    await sound();
  });

  it('gives up being set while something long goes on, and lets everybody redeem', async () => {
    const { budgetId } = await aBudget(1_000);
    const customerId = await aMemberWith(8_000);
    await world.transaction.run(async (tx) => {
      await tx.query('SELECT FROM points.budget'); // a proof of everything, for example
      const setting = world.budgets.limit({ budgetId, hardPoints: 2_000 });
      await Promise.all([
        expect(setting).rejects.toMatchObject({ code: 'points.budgets-busy' }),
        world.redeem(customerId, 100),
      ]);
    });
    expect(await usedOf(budgetId)).toBe(100);
  });

  it('[PTS-15] tells once when it is used up to its soft limit, and to its hard one', async () => {
    const { budgetId } = await aBudget(1_000, { softPoints: 600 });
    const told = () =>
      world.db.query(
        `SELECT payload ->> 'level' AS level FROM platform.outbox WHERE name = 'points.BudgetReached' AND payload ->> 'budgetId' = $1
         ORDER BY position`,
        [budgetId],
      );
    const customerId = await aMemberWith(8_000);
    await world.redeem(customerId, 599);
    await world.budgets.watch();
    expect(await told()).toEqual([]);
    await world.redeem(customerId, 1);
    await Promise.all([world.budgets.watch(), world.budgets.watch()]);
    expect(await told()).toEqual([{ level: 'SOFT' }]);
    await world.redeem(customerId, 400);
    await world.budgets.watch();
    await world.budgets.watch();
    expect(await told()).toEqual([{ level: 'SOFT' }, { level: 'HARD' }]);
    await expect(world.budgets.limit({ budgetId, softPoints: 1_001 })).rejects.toMatchObject({
      code: 'points.invalid-budget',
    });
  });

  it('[PTS-15] that was tampered with is found out', async () => {
    const { budgetId } = await aBudget(1_000);
    await take(100, `${years}-01-01`);
    for (const tampering of [
      'UPDATE points.budget_stripe SET left_points = left_points + 1 WHERE budget_id = $1 AND stripe = 3',
      'UPDATE points.budget_use SET points = points + 1 WHERE budget_id = $1',
      'UPDATE points.budget SET hard_points = hard_points + 1 WHERE budget_id = $1',
    ]) {
      await world.db.query(tampering, [budgetId]);
      expect(await world.found('I15')).toMatchObject([{ budget_id: budgetId }]);
      await world.db.query(tampering.replace('+ 1', '- 1'), [budgetId]);
    }
    await sound();
  });

  it('costs no call more where nobody has set one', async () => {
    world.clock.set('2026-02-01T10:00:00+08:00');
    const customerId = await aMemberWith(8_000);
    const calls: string[] = [];
    const original = world.transaction.prepared.bind(world.transaction);
    world.transaction.prepared = (statement, params) => {
      calls.push(statement.name);
      return original(statement, params);
    };
    await world.redeem(customerId, 100).finally(() => {
      world.transaction.prepared = original;
    });
    expect(calls).toEqual(['points.spend_in_budget']);
  });
});
