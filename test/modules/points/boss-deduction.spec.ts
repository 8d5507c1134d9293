import { BossDeductions, type DeductPoints } from '../../../src/modules/points/application/money/boss-deductions.js';
import type { OrganizationFacade } from '../../../src/modules/organization/index.js';
import { newId } from '../../../src/platform/database/index.js';
import { moneyWorld } from './money-world.js';

describe('points on the side of BOSS', () => {
  let world: Awaited<ReturnType<typeof moneyWorld>>;
  let boss: BossDeductions;

  beforeAll(async () => {
    world = await moneyWorld();
    const organization = { scopeOfApiKey: () => Promise.resolve({ source: 'BOSS7', kinds: [], provinces: [] }) };
    boss = new BossDeductions(
      world.database,
      world.transaction,
      world.single,
      organization as unknown as OrganizationFacade,
      world.clock,
    );
  });
  afterAll(() => world.db.drop());

  let serials = 0;
  const deduct = (customerId: string, points: number, more: Partial<DeductPoints> = {}) =>
    boss.execute({
      ...{
        customerId,
        points,
        purpose: 'MOBILE_PRODUCT',
        serialNumber: `S-${(serials += 1)}`,
        source: 'BOSS',
        actorId: 'a key',
      },
      ...more,
    });
  async function aMemberWith(points: number): Promise<string> {
    const customerId = await world.aCustomer();
    await world.award(customerId, points);
    return customerId;
  }
  const available = async (customerId: string) => (await world.account.balanceOf(customerId)).available;

  it('[PTS-28] are deducted in the same ledger, and told of as every redemption is', async () => {
    const customerId = await aMemberWith(4_000);
    const deduction = await deduct(customerId, 300);
    expect(deduction).toMatchObject({ points: 300, availableAfter: 3_700, businessDate: '2026-02-01' });
    expect(await available(customerId)).toBe(3_700);
    expect(
      await world.db.query(`SELECT kind, points FROM points.entry WHERE journal_id = $1`, [deduction.journalId]),
    ).toEqual([{ kind: 'REDEMPTION', points: -300 }]);
    expect(
      await world.db.query(`SELECT name FROM platform.outbox WHERE payload ->> 'journalId' = $1`, [
        deduction.journalId,
      ]),
    ).toEqual([{ name: 'points.PointsRedeemed' }]);
    expect(await world.find.execute(deduction.journalId)).toMatchObject({ purpose: 'MOBILE_PRODUCT', channel: 'BOSS' });
  });

  it('[PTS-28] are deducted once per serial number, however often and by however many at once', async () => {
    const customerId = await aMemberWith(8_000);
    const serialNumber = 'twice';
    const answers = await Promise.all(Array.from({ length: 16 }, () => deduct(customerId, 500, { serialNumber })));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    world.clock.pass(40 * 86_400);
    expect(await deduct(customerId, 500, { serialNumber })).toEqual(answers[0]);
    world.clock.set('2026-02-01T10:00:00+08:00');
    expect(await available(customerId)).toBe(7_500);
  });

  it('[PTS-28] refuses another deduction under a serial number, whose points it may be', async () => {
    const [one, two] = [await aMemberWith(4_000), await aMemberWith(4_000)];
    await deduct(one, 100, { serialNumber: 'taken' });
    for (const [customerId, changes] of [
      [one, { points: 101 }],
      [one, { purpose: 'GOODS' }],
      [two, {}],
    ] as const) {
      await expect(deduct(customerId, 100, { serialNumber: 'taken', ...changes })).rejects.toMatchObject({
        code: 'points.serial-reused',
      });
    }
    expect([await available(one), await available(two)]).toEqual([3_900, 4_000]);
    // Another system has numbers of its own.
    await deduct(two, 100, { serialNumber: 'taken', source: 'BOSS2' });
    expect(await available(two)).toBe(3_900);
  });

  it('[PTS-28] leaves a serial number free when the deduction was refused', async () => {
    const customerId = await aMemberWith(3_600);
    await expect(deduct(customerId, 3_601, { serialNumber: 'later' })).rejects.toMatchObject({
      code: 'points.insufficient',
    });
    await expect(deduct(newId(), 10, { serialNumber: 'later' })).rejects.toMatchObject({ code: 'customers.not-found' });
    await expect(deduct('nobody', 10)).rejects.toMatchObject({ code: 'customers.not-found' });
    expect(await deduct(customerId, 3_600, { serialNumber: 'later' })).toMatchObject({ availableAfter: 0 });
  });

  it('[PTS-28] is the source that its key says, not the one that it names', async () => {
    const system = { kind: 'system', id: newId() } as Parameters<BossDeductions['sourceOf']>[0];
    const person = { kind: 'staff', id: newId() } as Parameters<BossDeductions['sourceOf']>[0];
    expect(await boss.sourceOf(system, 'ANOTHER')).toBe('BOSS7');
    expect(await boss.sourceOf(person, 'BOSS2')).toBe('BOSS2');
    await expect(boss.sourceOf(person, undefined)).rejects.toMatchObject({ code: 'points.source-needed' });
  });

  describe('compared at the end of a day', () => {
    const DAY = '2026-03-01';

    beforeAll(async () => {
      world.clock.set(`${DAY}T10:00:00+08:00`);
      const customerId = await aMemberWith(9_000);
      for (const [serialNumber, points] of [
        ['A', 100],
        ['B', 200],
        ['C', 300],
      ] as const) {
        await deduct(customerId, points, { serialNumber, source: 'BOSS' });
      }
      await deduct(customerId, 5, { serialNumber: 'other', source: 'BOSS2' });
      world.clock.set('2026-03-02T00:00:00+08:00');
      await deduct(customerId, 7, { serialNumber: 'next day', source: 'BOSS' });
    });

    const theirs = [
      { serialNumber: 'C', points: 300 },
      { serialNumber: 'A', points: 100 },
      { serialNumber: 'B', points: 200 },
    ];

    it('[PTS-28] have no difference when both have the same', async () => {
      expect(await boss.reconcile('BOSS', DAY, theirs)).toEqual({
        source: 'BOSS', businessDate: DAY, ourCount: 3, ourPoints: 600, theirCount: 3, theirPoints: 600, differences: [],
      }); // prettier-ignore
      expect((await boss.days('BOSS'))[0]).toMatchObject({ businessDate: DAY, differences: [] });
    });

    it('[PTS-28] name what one has and the other has not, and what is of another amount; the last word counts', async () => {
      const wrong = [
        { serialNumber: 'A', points: 100 },
        { serialNumber: 'A', points: 100 },
        { serialNumber: 'B', points: 199 },
        { serialNumber: 'Z', points: 9 },
      ];
      const { differences } = await boss.reconcile('BOSS', DAY, wrong);
      expect(differences).toEqual([
        { serialNumber: 'A', kind: 'OTHER_POINTS', ourPoints: 100, theirPoints: 200 },
        { serialNumber: 'B', kind: 'OTHER_POINTS', ourPoints: 200, theirPoints: 199 },
        { serialNumber: 'C', kind: 'ONLY_OURS', ourPoints: 300 },
        { serialNumber: 'Z', kind: 'ONLY_THEIRS', theirPoints: 9 },
      ]);
      expect((await boss.days('BOSS'))[0]?.differences).toHaveLength(4);
      await boss.reconcile('BOSS', DAY, theirs);
      expect((await boss.days('BOSS'))[0]?.differences).toEqual([]);
      expect(await boss.days('BOSS2')).toEqual([]);
    });
  });
});
