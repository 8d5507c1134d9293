import fc from 'fast-check';
import { tenureMonths } from '../../../src/modules/customers/index.js';
import { decide } from '../../../src/modules/tiering/domain/decide.js';
import { gotone2026 } from '../../../src/modules/tiering/domain/gotone-2026.js';
import type { Standing } from '../../../src/modules/tiering/domain/movement.js';
import { checksumOf } from '../../../src/modules/tiering/domain/rule-set-checksum.js';
import type { RuleSetBody } from '../../../src/modules/tiering/domain/rule-set.js';
import { tenureMonthsSql } from '../../../src/modules/tiering/domain/tenure.js';
import { tiers, type Tier } from '../../../src/modules/tiering/index.js';
import { readFacts } from '../../../src/modules/tiering/persistence/customer-facts.js';
import { reviewSlice } from '../../../src/modules/tiering/persistence/review-slice.js';
import { Database, newId, Transaction } from '../../../src/platform/database/index.js';
import type { MeasuredFacts } from '../../../src/platform/rules/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { keepCustomers, keepTier, yearOf, type AnyCustomer } from './facts.js';

const AS_OF = '2026-02-01';

/** The shipped rules, and others that are built differently: one route, no gates, a level switched off. */
const bodies: Readonly<Record<string, RuleSetBody>> = {
  shipped: gotone2026,
  bare: { ...gotone2026, inputs: [], requirements: [], exclusions: [], routes: gotone2026.routes.slice(1) },
  withoutPlatinum: {
    ...gotone2026,
    levels: gotone2026.levels.filter(({ tier }) => tier !== 'PLATINUM'),
    routes: gotone2026.routes.map((route) => ({
      ...route,
      thresholds: route.thresholds.filter(({ tier }) => tier !== 'PLATINUM'),
    })),
    exclusions: [
      {
        code: 'OWES',
        label: { en: 'owes', zh: '欠费' },
        condition: {
          metric: 'arrearsFen',
          agg: 'max',
          window: { kind: 'rolling-months', months: 3 },
          op: '>',
          value: 0,
        },
      },
    ],
  },
};

// Spend that comes to just below, at and above each threshold with each tenure value, in fen.
const borders = [800, 1_200, 1_800, 3_000, 4_000].flatMap((threshold) =>
  [0, 100, 200, 300].flatMap((tenureValue) => [-100, -1, 0, 1].map((fen) => (threshold - tenureValue) * 100 + fen)),
);
const activated = fc.oneof(
  fc.constantFrom(
    '2025-02-01',
    '2025-02-02',
    '2025-01-31',
    '2023-02-01',
    '2023-02-02',
    '2016-02-01',
    '2016-02-02',
    '2024-02-29',
  ),
  fc.integer({ min: 0, max: 6_000 }).map((days) => new Date(Date.UTC(2010, 0, 1 + days)).toISOString().slice(0, 10)),
  fc.constant(null),
);
const lastMonth = fc.record({
  month: fc.constant('2026-01-01'),
  netSpendFen: fc.integer({ min: 0, max: 1_000_000 }),
  packageFeeFen: fc.option(
    fc.oneof(
      fc.constantFrom(8_799, 8_800, 12_799, 12_800, 23_800, 38_799, 38_800),
      fc.integer({ min: 0, max: 60_000 }),
    ),
  ),
});
const customer = fc.record({
  held: fc.option(fc.constantFrom(...tiers), { nil: undefined }),
  activatedOn: activated,
  simKind: fc.option(fc.constantFrom('MAIN', 'MAIN', 'MAIN', 'MAIN', 'SECONDARY', 'DATA', 'IOT')),
  months: fc
    .tuple(
      fc.oneof(fc.constantFrom(...borders), fc.integer({ min: 0, max: 600_000 })),
      fc.integer({ min: 0, max: 7 }),
      fc.option(lastMonth, { nil: undefined }),
      fc.boolean(),
    )
    .map(([spend, suspensions, last, isSilent]) => [
      ...(isSilent
        ? []
        : yearOf(2025, spend).map((each, i) => ({ ...each, twoWaySuspensions: i < suspensions ? 1 : 0 }))),
      { month: '2024-12-01', netSpendFen: 9_999_999, twoWaySuspensions: 9 }, // of no account
      ...(last ? [last] : []),
    ]),
});

describe('the review of a million and the explanation of one', () => {
  let db: TestDatabase;
  let transaction: Transaction;

  beforeAll(async () => {
    db = await createTestDatabase();
    transaction = new Transaction(await db.dataSource());
  });
  afterAll(() => db.drop());

  it.each(Object.keys(bodies))(
    '[TIER-10] decide the same for everybody, by the same reasons (%s rules)',
    async (name) => {
      const body = bodies[name] ?? gotone2026;
      let rated = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(customer, { minLength: 60, maxLength: 60, size: 'max' }), async (people) => {
          rated += await compare(
            body,
            people.map((each) => ({ ...each, customerId: newId() })),
          );
        }),
        { numRuns: 8 },
      );
      expect(rated).toBeGreaterThan(200);
    },
  );

  it('count tenure alike, month ends and leap days included', async () => {
    const days = fc
      .sample(fc.integer({ min: 0, max: 9_000 }), 400)
      .map((n) => new Date(Date.UTC(2008, 0, 1 + n)).toISOString().slice(0, 10));
    for (const asOf of ['2025-02-28', '2024-02-29', '2026-02-01', '2025-04-30', '2025-03-31']) {
      const rows = await new Database(await db.dataSource()).query<{ day: string | null; months: number | null }>(
        `SELECT day, ${tenureMonthsSql('day', asOf)} AS months FROM unnest($1::date[]) day`,
        [[...days, '2024-02-29', '2025-01-31', '2015-11-30', null]],
      );
      expect(rows).toEqual(rows.map(({ day }) => ({ day, months: day === null ? null : tenureMonths(day, asOf) })));
    }
  });

  /** Keeps the people, reviews them, explains each, forgets all of it. Returns how many changed. */
  async function compare(
    body: RuleSetBody,
    people: readonly (AnyCustomer & { readonly held: Tier | undefined })[],
  ): Promise<number> {
    const runId = newId();
    const forget = new Error('only looked at');
    let changed = 0;
    await expect(
      transaction.run(async (tx) => {
        await keepCustomers(tx, people);
        for (const { customerId, held } of people) {
          if (held !== undefined) await keepTier(tx, customerId, held);
        }
        await reviewSlice(tx, {
          run: { runId, asOf: AS_OF },
          slice: { from: '00000000-0000-0000-0000-000000000000', to: 'ffffffff-ffff-ffff-ffff-ffffffffffff' },
          ruleSet: {
            program: 'GOTONE', version: 'test', status: 'active', effectiveFrom: '2020-01-01', effectiveUntil: '9999-12-31',
            kind: 'tier', scale: tiers, body, checksum: checksumOf(body), author: 'a', approver: 'b', previewRunId: undefined,
          }, // prettier-ignore
          isYearlyReview: true,
          decidedAt: new Date('2026-02-01T01:00:00Z'),
        });
        for (const { customerId, held } of people) {
          const facts = await readFacts(tx, { customerId, body, asOf: AS_OF });
          if (!facts) throw new Error('no facts');
          const decision = decide({ scale: tiers, body }, facts, { tier: held, isYearlyReview: true }, AS_OF);
          const { from, tier, outcome } = decision;
          const [stored] = await tx.query<{ facts: MeasuredFacts; standing: Standing }>(
            `SELECT from_tier AS from, to_tier AS tier, outcome, facts, standing FROM tiering.tier_decision
             WHERE customer_id = $1 AND run_id = $2`,
            [customerId, runId],
          );
          const [current] = await tx.query<{ tier: Tier }>(
            `SELECT tier FROM tiering.current_tier WHERE customer_id = $1`,
            [customerId],
          );
          if (outcome === 'retained') expect(stored).toBeUndefined();
          else {
            expect(stored).toMatchObject({ from, tier, outcome });
            if (stored) expect(decide({ scale: tiers, body }, stored.facts, stored.standing, AS_OF)).toEqual(decision);
          }
          expect(current?.tier ?? 'ORDINARY').toBe(tier);
          if (stored) changed += 1;
        }
        throw forget;
      }),
    ).rejects.toBe(forget);
    return changed;
  }
});
