import { GivePointsBackUseCase } from '../../../src/modules/points/application/ledger/give-points-back.js';
import { SmallPayments } from '../../../src/modules/points/application/holds/small-payments.js';
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
