import fc from 'fast-check';
import { type EarnRules, pointsForSpend, ROUNDINGS } from '../../../src/modules/points/domain/earn-rule-set.js';
import { EXPIRY_POLICIES, lastDayOf } from '../../../src/modules/points/domain/expiry-policy.js';
import { lastDayOfSql, pointsForSpendSql } from '../../../src/modules/points/persistence/accrue-from-bills.js';
import { tiers } from '../../../src/modules/tiering/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

describe('the earn rules in TypeScript and in SQL', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await createTestDatabase();
  });
  afterAll(() => db.drop());

  it('[PTS-03] give the same points for every spending, level and rule set', async () => {
    const percent = fc.integer({ min: 0, max: 500 });
    const rules: fc.Arbitrary<EarnRules> = fc.record({
      fenPerPoint: fc.oneof(fc.constant(100), fc.integer({ min: 1, max: 1_000 })),
      rounding: fc.constantFrom(...ROUNDINGS),
      factorPercent: fc.record({
        DIAMOND: percent,
        PLATINUM: percent,
        GOLD: percent,
        SILVER: percent,
        HONOURED_GUEST: percent,
        ORDINARY: percent,
      }),
      expiry: fc.constantFrom(...EXPIRY_POLICIES),
      joinAbove: fc.nat(),
    });
    const spend = fc.oneof(fc.integer({ min: -10_000, max: 100_000 }), fc.integer({ min: 0, max: 10_000_000_000 }));
    const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
    const bills = fc.sample(fc.record({ spend, tier: fc.constantFrom(...tiers), rules }), { numRuns: 5_000, seed });
    const rows = await db.query<{ bill: (typeof bills)[number]; points: number }>(
      `SELECT bill, ${pointsForSpendSql(`(bill ->> 'spend')::bigint`, `bill ->> 'tier'`, `(bill -> 'rules')`)} AS points
       FROM jsonb_array_elements($1) bill`,
      [JSON.stringify(bills)],
    );
    const differing = rows.filter(({ bill, points }) => points !== pointsForSpend(bill.spend, bill.tier, bill.rules));
    expect({ seed, compared: rows.length, differing }).toEqual({ seed, compared: 5_000, differing: [] });
  });

  it('[PTS-11] give every month of a century the same last day, under every policy', async () => {
    for (const policy of EXPIRY_POLICIES) {
      const rows = await db.query<{ month: string; last: string }>(
        `SELECT to_char(month, 'YYYY-MM-DD') AS month, (${lastDayOfSql('$1::text', 'month::date')})::text AS last
         FROM generate_series('2001-01-01'::date, '2100-12-01', '1 month') month`,
        [policy],
      );
      expect(rows).toHaveLength(1_200);
      for (const { month, last } of rows) expect(`${month} ${last}`).toBe(`${month} ${lastDayOf(policy, month)}`);
    }
  });
});
