import { provePoints } from '../../../src/modules/points/application/proof/prove-points.js';
import { applicationDataSource } from '../../../src/platform/database/data-source.js';
import { newId } from '../../../src/platform/database/index.js';
import { ledgerOf, pointsWorld, wiredTo } from './points-world.js';

describe('redeeming points', () => {
  let world: Awaited<ReturnType<typeof pointsWorld>>;
  beforeAll(async () => {
    world = await pointsWorld();
  });
  beforeEach(() => world.clock.set('2026-02-01T10:00:00+08:00'));
  afterAll(async () => {
    const proof = await provePoints(world.transaction);
    expect(proof.checks.filter(({ violations }) => violations > 0)).toEqual([]);
    await world.db.drop();
  });

  const balance = async (customerId: string) => (await world.account.balanceOf(customerId)).available;
  const aCustomerWith = async (points: number): Promise<string> => {
    const customerId = await world.aCustomer();
    await world.award(customerId, points);
    return customerId;
  };
  const settled = async <T>(work: readonly Promise<T>[]) => {
    const results = await Promise.allSettled(work);
    return {
      done: results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])),
      refused: results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : [])),
    };
  };

  it('[PTS-08] takes the points and says what they are worth', async () => {
    const customerId = await aCustomerWith(5_000);
    expect(await world.redeem(customerId, 50)).toMatchObject({
      customerId,
      points: 50,
      valueInFen: 100,
      purpose: 'GOODS',
      status: 'completed',
      availableAfter: 4_950,
    });
    expect(await balance(customerId)).toBe(4_950);
    const [event] = await world.db.query(`SELECT payload FROM platform.outbox WHERE name = 'points.PointsRedeemed'`);
    expect(event).toMatchObject({ payload: { customerId, points: 50 } });
  });

  it('uses the points that expire first, first', async () => {
    const customerId = await world.aCustomer();
    for (const month of ['2025-10', '2025-11', '2025-12']) {
      world.clock.set(`${month}-15T10:00:00+08:00`);
      await world.award(customerId, 2_000);
    }
    await world.redeem(customerId, 2_500);
    expect((await world.account.expiryOf(customerId)).map(({ expiresOn, points }) => [expiresOn, points])).toEqual([
      ['2028-11-30', 1_500],
      ['2028-12-31', 2_000],
    ]);
    // Three years later the first lot has ended, and is passed over although no clearing has run.
    world.clock.set('2028-12-01T10:00:00+08:00');
    await world.redeem(customerId, 2_000);
    await expect(world.redeem(customerId, 1)).rejects.toMatchObject({
      code: 'points.insufficient',
      facts: { available: 0, requested: 1 },
    });
  });

  it('[PTS-12] is refused with 3,500 points earned and granted with 3,501', async () => {
    const customerId = await aCustomerWith(3_500);
    await expect(world.redeem(customerId, 1)).rejects.toMatchObject({
      code: 'points.below-threshold',
      facts: { qualifying: 3_500, mustExceed: 3_500, gap: 1 },
    });
    await world.award(customerId, 1);
    expect(await world.redeem(customerId, 3_501)).toMatchObject({ availableAfter: 0 });
    // Having joined, a customer stays.
    await world.award(customerId, 10);
    expect(await world.redeem(customerId, 10)).toMatchObject({ availableAfter: 0 });
  });

  it('is refused beyond the balance, to the suspended, to those who left, and to nobody', async () => {
    const customerId = await aCustomerWith(4_000);
    await expect(world.redeem(customerId, 4_001)).rejects.toMatchObject({
      code: 'points.insufficient',
      facts: { available: 4_000, requested: 4_001 },
    });
    await expect(world.redeem(customerId, 1.5)).rejects.toMatchObject({ code: 'points.invalid-amount' });
    const suspended = await world.aCustomer('suspended');
    await world.award(suspended, 5_000);
    await expect(world.redeem(suspended, 1)).rejects.toMatchObject({ code: 'points.account-frozen' });
    await world.close(customerId);
    await expect(world.redeem(customerId, 1)).rejects.toMatchObject({ code: 'points.account-closed' });
    await expect(world.redeem(newId(), 1)).rejects.toMatchObject({ kind: 'not-found' });
    const newcomer = await world.aCustomer();
    await expect(world.redeem(newcomer, 1)).rejects.toMatchObject({
      code: 'points.below-threshold',
      facts: { gap: 3_501 },
    });
  });

  describe('with a key', () => {
    it('[PTS-01] answers a repetition with what was stored, and takes nothing', async () => {
      const customerId = await aCustomerWith(5_000);
      const first = await world.redeem(customerId, 100, { key: 'k1' });
      await world.redeem(customerId, 30);
      expect(await world.redeem(customerId, 100, { key: 'k1' })).toEqual(first);
      expect(await balance(customerId)).toBe(4_870);
    });

    it('[PTS-01] refuses another request under the same key', async () => {
      const customerId = await aCustomerWith(5_000);
      await world.redeem(customerId, 100, { key: 'k2' });
      for (const other of [
        () => world.redeem(customerId, 101, { key: 'k2' }),
        () => world.redeem(customerId, 100, { key: 'k2', purpose: 'SERVICE' }),
      ]) {
        await expect(other()).rejects.toMatchObject({ code: 'points.key-reused', kind: 'conflict' });
      }
      // Somebody else's key is another key.
      await world.redeem(customerId, 7, { key: 'k2', actorId: 'another till' });
      expect(await balance(customerId)).toBe(4_893);
    });

    it('[PTS-01] redeems once when repetitions race', async () => {
      const customerId = await aCustomerWith(5_000);
      const answers = await Promise.all(
        Array.from({ length: 16 }, () => world.redeem(customerId, 100, { key: 'raced' })),
      );
      expect(new Set(answers.map(({ redemptionId }) => redemptionId)).size).toBe(1);
      expect(await balance(customerId)).toBe(4_900);
    });
  });

  it('[PTS-01] never goes below zero when 40 connections redeem from one account', async () => {
    const customerId = await aCustomerWith(4_000);
    const source = await applicationDataSource({ url: world.db.url, poolSize: 40 }).initialize();
    try {
      const raced = wiredTo(source, world.clock);
      const { done, refused } = await settled(
        Array.from({ length: 160 }, (_, i) => raced.redeem(customerId, 10 + (i % 7) * 10)),
      );
      const taken = done.reduce((sum, { points }) => sum + points, 0);
      expect(refused.length).toBeGreaterThan(0);
      for (const refusal of refused) expect(refusal).toMatchObject({ code: 'points.insufficient' });
      expect(await balance(customerId)).toBe(4_000 - taken);
      expect(new Set(done.map(({ availableAfter }) => availableAfter)).size).toBe(done.length);
      // What was refused was really more than was there.
      const left = 4_000 - taken;
      for (const refusal of refused) expect(refusal).toMatchObject({ facts: { requested: expect.any(Number) } });
      expect(left).toBeLessThan(70);
    } finally {
      await source.destroy();
    }
  });

  it('[PTS-01] opens the account of a newcomer once when first awards race', async () => {
    const customerId = await world.aCustomer();
    await Promise.all(Array.from({ length: 12 }, (_, i) => world.award(customerId, 500, `first-${i}`)));
    expect(await world.account.balanceOf(customerId)).toMatchObject({ available: 6_000, version: 12 });
  });

  it('[PTS-29] gives an award once, and refuses another under its reference', async () => {
    const customerId = await world.aCustomer();
    const first = await world.award(customerId, 500, 'birthday-2026');
    expect(await world.award(customerId, 500, 'birthday-2026')).toEqual(first);
    await expect(world.award(customerId, 501, 'birthday-2026')).rejects.toMatchObject({ code: 'points.key-reused' });
    expect(await balance(customerId)).toBe(500);
  });

  describe('and thinking better of it', () => {
    it('returns the points to the lots that they came from', async () => {
      const customerId = await world.aCustomer();
      for (const month of ['2025-11', '2025-12']) {
        world.clock.set(`${month}-15T10:00:00+08:00`);
        await world.award(customerId, 2_000);
      }
      const before = await world.account.expiryOf(customerId);
      const { redemptionId } = await world.redeem(customerId, 3_000);
      expect(await world.reverse(redemptionId)).toMatchObject({ status: 'reversed', availableAfter: 4_000 });
      expect(await world.account.expiryOf(customerId)).toEqual(before);
      expect(await world.find.execute(redemptionId)).toMatchObject({ status: 'reversed', points: 3_000 });
    });

    it('is the same reversal however often it is asked for, also at once', async () => {
      const customerId = await aCustomerWith(4_000);
      const { redemptionId } = await world.redeem(customerId, 1_000);
      const answers = await Promise.all(Array.from({ length: 12 }, () => world.reverse(redemptionId)));
      expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
      expect(await balance(customerId)).toBe(4_000);
      expect((await world.account.balanceOf(customerId)).version).toBe(3);
    });

    it('is refused before there is a redemption, and after its day', async () => {
      await expect(world.reverse(newId())).rejects.toMatchObject({ code: 'points.redemption-not-found' });
      await expect(world.reverse('not even an id')).rejects.toMatchObject({ code: 'points.redemption-not-found' });
      const customerId = await aCustomerWith(4_000);
      world.clock.set('2026-02-01T23:59:59+08:00');
      const { redemptionId } = await world.redeem(customerId, 1_000);
      world.clock.set('2026-02-02T00:00:00+08:00');
      await expect(world.reverse(redemptionId)).rejects.toMatchObject({
        code: 'points.reversal-too-late',
        facts: { redeemedOn: '2026-02-01', today: '2026-02-02' },
      });
    });

    it('races with redemptions without losing a point', async () => {
      const customerId = await aCustomerWith(4_000);
      const { redemptionId } = await world.redeem(customerId, 4_000);
      const { done } = await settled([
        world.reverse(redemptionId),
        ...Array.from({ length: 12 }, () => world.redeem(customerId, 500)),
        world.reverse(redemptionId),
      ]);
      const spent = done.filter(({ status }) => status === 'completed').length * 500;
      expect(await balance(customerId)).toBe(4_000 - spent);
    });
  });

  describe('and leaving', () => {
    it('forfeits what is left, once', async () => {
      const customerId = await aCustomerWith(4_000);
      const event = newId();
      await Promise.all([world.close(customerId, event), world.close(customerId, event), world.close(customerId)]);
      expect(await world.account.balanceOf(customerId)).toMatchObject({ available: 0, status: 'CLOSED', version: 2 });
      const { redemptionId } = { redemptionId: newId() };
      await expect(world.reverse(redemptionId)).rejects.toMatchObject({ kind: 'not-found' });
      await expect(world.award(customerId, 1)).rejects.toMatchObject({ code: 'points.account-closed' });
    });

    it('comes back to an empty account', async () => {
      const customerId = await aCustomerWith(4_000);
      await world.close(customerId);
      await world.reopen(customerId);
      await world.reopen(customerId);
      expect(await world.account.balanceOf(customerId)).toMatchObject({ available: 0, status: 'ACTIVE', version: 3 });
      expect(await world.award(customerId, 20)).toMatchObject({ availableAfter: 20 });
    });
  });

  it('[PTS-01] cannot be edited afterwards, not even by the application', async () => {
    for (const sql of [
      'UPDATE points.posting SET points = 1',
      'DELETE FROM points.posting',
      'UPDATE points.journal SET points = 1',
      'DELETE FROM points.journal',
      'UPDATE points.earn_rule_set SET rules = rules',
    ]) {
      await expect(world.database.query(sql)).rejects.toThrow('permission denied');
    }
    expect((await ledgerOf(world.db)).length).toBeGreaterThan(0);
  });

  it('[PTS-10] shows what was earned in the points year that runs', async () => {
    const customerId = await world.aCustomer();
    world.clock.set('2025-11-30T23:00:00+08:00');
    await world.award(customerId, 100);
    world.clock.set('2025-12-01T01:00:00+08:00');
    await world.award(customerId, 7);
    expect(await world.account.balanceOf(customerId)).toMatchObject({
      pointsYear: 2026,
      earnedThisPointsYear: 7,
      qualifying: 107,
      canRedeem: false,
      gapToRedeem: 3_394,
    });
  });
});
