import fc from 'fast-check';
import { tiers, type Tier } from '../../../src/modules/tiering/index.js';
import { benefitsWorld, type Change } from './benefits-world.js';
import { SEED } from '../../support/seed.js';

/** Visits of an airport lounge in a whole year, as shipped. */
const LOUNGE: Partial<Record<Tier, number>> = { DIAMOND: 24, PLATINUM: 12, GOLD: 6, SILVER: 2 };

describe('granting entitlements', () => {
  let world: Awaited<ReturnType<typeof benefitsWorld>>;
  beforeAll(async () => {
    world = await benefitsWorld();
  });
  beforeEach(() => world.on('2026-02-01'));
  afterAll(() => world.db.drop());

  const aCustomerIn = async (tier: Tier): Promise<{ customerId: string; change: Change }> => {
    const customerId = await world.aCustomer();
    const change = await world.level(customerId, tier);
    await world.tell(change);
    return { customerId, change };
  };

  it('gives a year of the level on its first day', async () => {
    for (const tier of ['DIAMOND', 'GOLD', 'SILVER'] as const) {
      const { customerId } = await aCustomerIn(tier);
      expect(await world.of(customerId)).toEqual({ level: tier, granted: LOUNGE[tier], used: 0 });
    }
    expect(await world.of((await aCustomerIn('HONOURED_GUEST')).customerId)).toBeUndefined();
  });

  it('[TIER-06] grants who rises from silver to gold anew pro rata, and what was used stays used', async () => {
    const { customerId, change: silver } = await aCustomerIn('SILVER');
    await world.used(customerId, 2);
    world.on('2026-06-20');
    const gold = await world.level(customerId, 'GOLD');
    await world.tell(gold);
    // Four months of silver are gone, eight of gold are left, June whole: (4 × 2 + 8 × 6) / 12 = 4.67, rounded up.
    expect(await world.of(customerId)).toEqual({ level: 'GOLD', granted: 5, used: 2 });
    expect(await world.changes(customerId)).toEqual([
      { version: 1, decision: silver.decisionId, before: 0, granted: 2 },
      { version: 2, decision: gold.decisionId, before: 2, granted: 5 },
    ]);
  });

  it('takes from who falls what is not used, and nothing else', async () => {
    const [modest, eager] = [(await aCustomerIn('GOLD')).customerId, (await aCustomerIn('GOLD')).customerId];
    await world.used(eager, 6);
    world.on('2026-08-01');
    await world.tell(await world.level(modest, 'SILVER'), await world.level(eager, 'SILVER'));
    // (6 × 6 + 6 × 2) / 12
    expect(await world.of(modest)).toEqual({ level: 'SILVER', granted: 4, used: 0 });
    expect(await world.of(eager)).toEqual({ level: 'SILVER', granted: 6, used: 6 });
    world.on('2027-01-15');
    await world.tell(await world.level(eager, 'DIAMOND'));
    // (6 × 6 + 5 × 2 + 24) / 12 = 5.83: less than was used.
    expect(await world.of(eager)).toEqual({ level: 'DIAMOND', granted: 6, used: 6 });
  });

  it('is harmless when it is told twice, late, or in another order', async () => {
    const { customerId, change: silver } = await aCustomerIn('SILVER');
    world.on('2026-04-02');
    const gold = await world.level(customerId, 'GOLD');
    world.on('2026-05-03');
    const diamond = await world.level(customerId, 'DIAMOND');
    for (const told of [[diamond], [gold], [silver, gold, diamond], [diamond]]) await world.tell(...told);
    // (2 × 2 + 1 × 6 + 9 × 24) / 12 = 18.83
    expect(await world.of(customerId)).toEqual({ level: 'DIAMOND', granted: 19, used: 0 });
    expect(await world.changes(customerId)).toHaveLength(2);
  });

  it('counts a month once, by what is held at its end', async () => {
    const { customerId } = await aCustomerIn('SILVER');
    world.on('2026-03-05');
    await world.tell(await world.level(customerId, 'DIAMOND'));
    world.on('2026-03-06');
    await world.tell(await world.level(customerId, 'SILVER'));
    expect(await world.of(customerId)).toMatchObject({ level: 'SILVER', granted: 2 });
  });

  it('gives the new level year to everybody in its first night, and leaves the old one as it ended', async () => {
    const { customerId } = await aCustomerIn('GOLD');
    await world.used(customerId, 4);
    world.on('2027-02-01');
    expect((await world.night()).status).toBe('completed');
    expect(await world.of(customerId)).toEqual({ level: 'GOLD', granted: 6, used: 0 });
    const years = await world.db.query(
      `SELECT level_year AS from, valid_until AS until, granted, used FROM benefits.entitlement
       WHERE customer_id = $1 AND benefit = 'AIRPORT_LOUNGE' ORDER BY 1`,
      [customerId],
    );
    expect(years).toEqual([
      { from: '2026-02-01', until: '2027-02-01', granted: 6, used: 4 },
      { from: '2027-02-01', until: '2028-02-01', granted: 6, used: 0 },
    ]);
    expect((await world.night()).summary).toEqual({ changed: 0 });
  });

  it('leaves who has left the network what the months of the stay were worth', async () => {
    const { customerId } = await aCustomerIn('GOLD');
    await world.db.query(
      `UPDATE tiering.tier_assignment SET valid_until = '2026-05-20', end_reason = 'departed' WHERE customer_id = $1`,
      [customerId],
    );
    world.on('2026-05-21');
    await world.night();
    // Three months of 6 a year.
    expect(await world.of(customerId)).toEqual({ level: 'ORDINARY', granted: 2, used: 0 });
  });

  it('leaves alone what was granted as of a later day', async () => {
    const { customerId } = await aCustomerIn('SILVER');
    world.on('2026-09-01');
    await world.tell(await world.level(customerId, 'DIAMOND'));
    const granted = await world.of(customerId);
    world.on('2026-08-31');
    await world.night();
    expect(await world.of(customerId)).toEqual(granted);
  });

  it('counts a quota from its day on, and never the months before it', async () => {
    const { customerId } = await aCustomerIn('SILVER');
    await world.db.query(
      `INSERT INTO benefits.benefit_quota (benefit, level, version, units_per_year, effective_from, author, created_at)
       VALUES ('ROAMING_HANDSET', 'SILVER', 2, 17, '2026-05-10', 'test', now())`,
    );
    world.on('2026-05-09');
    await world.night();
    expect(await world.of(customerId, 'ROAMING_HANDSET')).toMatchObject({ granted: 5 });
    world.on('2026-05-10');
    await world.night();
    // (3 × 5 + 9 × 17) / 12
    expect(await world.of(customerId, 'ROAMING_HANDSET')).toMatchObject({ granted: 14 });
    const { decision, ...change } = (await world.changes(customerId, 'ROAMING_HANDSET'))[1] ?? {};
    expect(change).toEqual({ version: 2, before: 5, granted: 14 });
    expect(decision).toBe((await world.changes(customerId))[0]?.decision);
  });

  it(`[TIER-06] comes to the same by events, by the night alone, and by the formula (seed ${SEED})`, async () => {
    const history = fc.uniqueArray(
      fc.record({ day: fc.integer({ min: 0, max: 364 }), tier: fc.constantFrom(...tiers) }),
      { selector: ({ day }) => day, minLength: 1, maxLength: 5 },
    );
    const dayOf = (nth: number): string =>
      new Date(Date.parse('2026-02-01') + nth * 86_400_000).toISOString().slice(0, 10);
    await fc.assert(
      fc.asyncProperty(history, fc.integer({ min: 0, max: 364 }), async (steps, night) => {
        const sorted = steps.toSorted((a, b) => a.day - b.day);
        const [told, untold] = [await world.aCustomer(), await world.aCustomer()];
        for (const { day, tier } of sorted) {
          world.on(dayOf(day));
          await world.tell(await world.level(told, tier));
          await world.level(untold, tier);
        }
        const last = Math.max(night, sorted.at(-1)?.day ?? 0);
        world.on(dayOf(last));
        const [byEvents, changes] = [await world.of(told), await world.changes(told)];
        await world.night();
        const byNight = await world.of(untold);
        expect(await world.changes(told)).toEqual(changes);
        const heldOn = (day: number): Tier => sorted.findLast((step) => step.day <= day)?.tier ?? 'ORDINARY';
        let twelfths = 0;
        for (let month = 0; month < 12; month++) {
          const end = (Date.UTC(2026, 2 + month, 0) - Date.UTC(2026, 1, 1)) / 86_400_000;
          twelfths += LOUNGE[heldOn(Math.min(end, last))] ?? 0;
        }
        expect(byNight?.granted ?? 0).toBe(Math.ceil(twelfths / 12));
        expect({ level: byEvents?.level, granted: byEvents?.granted ?? 0 }).toEqual({
          level: byNight?.level ?? byEvents?.level,
          granted: byNight?.granted ?? 0,
        });
      }),
      { numRuns: 60, seed: SEED },
    );
  }, 120_000);

  it('grants once when many do so at the same moment, and by the last decision', async () => {
    for (let round = 0; round < 15; round++) {
      world.on('2026-02-01');
      const { customerId } = await aCustomerIn('SILVER');
      world.on('2026-08-01');
      const gold = await world.level(customerId, 'GOLD');
      const grants = Array.from({ length: 4 }, () => world.tell(gold));
      const diamond = await world.level(customerId, 'DIAMOND');
      await Promise.all([...grants, ...Array.from({ length: 4 }, () => world.tell(gold, diamond))]);
      expect(await world.of(customerId)).toEqual({ level: 'DIAMOND', granted: 13, used: 0 });
      const changes = await world.changes(customerId);
      expect(changes.map(({ version }) => version)).toEqual(changes.map((_, i) => i + 1));
      expect(changes.length).toBeLessThanOrEqual(3);
      expect(changes.every(({ before }, i) => before === (changes[i - 1]?.granted ?? 0))).toBe(true);
    }
  });
});
