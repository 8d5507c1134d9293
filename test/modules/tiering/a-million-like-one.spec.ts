import { jest } from '@jest/globals';
import fc from 'fast-check';
import { tenureMonths } from '../../../src/modules/customers/index.js';
import { decide } from '../../../src/modules/tiering/domain/decide.js';
import { lowersOn } from '../../../src/modules/tiering/domain/decide-sql.js';
import { monthsLater } from '../../../src/modules/tiering/domain/months.js';
import type { Standing } from '../../../src/modules/tiering/domain/movement.js';
import { rankOn, type RuleSet, type RuleSetBody } from '../../../src/modules/tiering/domain/rule-set.js';
import { tiers, type Tier } from '../../../src/modules/tiering/index.js';
import { decidedRows } from '../../../src/modules/tiering/persistence/decided-rows.js';
import { Database, newId } from '../../../src/platform/database/index.js';
import type { CustomerFacts, MeasuredFacts } from '../../../src/platform/rules/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { keepCustomers, keepTier } from './facts.js';
import { days, regions, ruleSetBody, spends } from './random-rule-sets.js';
import { SEED } from '../../support/seed.js';

const RULE_SETS = Number(process.env.TIER_RULE_SETS ?? 250);
const PEOPLE = 240;
const AT_ONCE = 24;
jest.setTimeout(3_600_000);

interface Person {
  readonly customerId: string;
  readonly region: string;
  readonly activatedOn: string | null;
  readonly simKind: string | null;
  readonly realName: boolean;
  readonly held: Tier | undefined;
  readonly override:
    | { readonly tier: Tier; readonly mode: 'at-least' | 'exactly'; readonly from: string; readonly until: string }
    | undefined;
  readonly graceEndsOn: string | undefined;
  readonly months: readonly {
    readonly month: string;
    readonly netSpendFen: number;
    readonly packageFeeFen: number | null;
    readonly twoWaySuspensions: number;
  }[];
}

interface Row {
  readonly customer_id: string;
  readonly earned: number;
  readonly outcome: string;
  readonly given: number;
  readonly facts: MeasuredFacts;
  readonly standing: Standing;
  readonly inputs: object;
  readonly reasons: readonly object[];
}

/** How many months after the day the customers stand as they do: a review is decided anew. */
const later = fc.constantFrom(0, 0, 1, 2);
const calendar = Array.from({ length: 30 }, (_, i) => monthsLater('2023-09-01', i));
const month = fc.record({
  netSpendFen: fc.constantFrom(...spends),
  packageFeeFen: fc.option(fc.constantFrom(0, 8_799, 8_800, 40_000), { freq: 4 }),
  twoWaySuspensions: fc.constantFrom(0, 0, 1, 2),
});
/** Eleven, twelve and thirteen months before the days on which levels are decided, and about leap days and month ends. */
const activated = fc.oneof(
  fc
    .tuple(fc.constantFrom(...days), fc.constantFrom(0, -1, -11, -12, -13, -36))
    .map(([day, months]) => monthsLater(day, months)),
  fc.constantFrom('2024-02-29', '2020-02-29', '2025-01-31', '2024-12-30', '2015-11-30', '2026-02-02'),
  fc.constant(null),
);
const person: fc.Arbitrary<Person> = fc.record({
  customerId: fc.constant(null).map(() => newId()),
  region: fc.constantFrom(...regions),
  activatedOn: activated,
  simKind: fc.option(fc.constantFrom('MAIN', 'MAIN', 'DATA'), { freq: 6 }),
  realName: fc.boolean(),
  held: fc.option(fc.constantFrom(...tiers), { nil: undefined, freq: 3 }),
  override: fc.option(
    fc.record({
      tier: fc.constantFrom(...tiers),
      mode: fc.constantFrom('at-least' as const, 'exactly' as const),
      from: fc.constantFrom(...days),
      until: fc.constantFrom('2026-03-01', ...days),
    }).filter(({ from, until }) => from < until),
    { nil: undefined, freq: 3 },
  ),
  graceEndsOn: fc.option(fc.constantFrom('2026-03-01', ...days), { nil: undefined, freq: 3 }),
  months: fc
    .subarray(calendar)
    .chain((some) => fc.tuple(...some.map((first) => month.map((values) => ({ month: first, ...values }))))),
}); // prettier-ignore

describe('levels of everybody', () => {
  let db: TestDatabase;
  let database: Database;
  let people: readonly Person[];

  beforeAll(async () => {
    db = await createTestDatabase();
    database = new Database(await db.dataSource());
    people = fc.sample(person, { numRuns: PEOPLE, seed: SEED });
    people = [...people].sort((a, b) => (a.customerId < b.customerId ? -1 : 1));
    await keep(people);
  });
  afterAll(() => db.drop());

  it(`[TIER-10] are decided in one statement as they are for one, and again from what was kept (${RULE_SETS} rule sets, seed ${SEED})`, async () => {
    const outcomes = new Map<string, number>();
    let turn = 0;
    await fc.assert(
      fc.asyncProperty(
        ruleSetBody,
        fc.constantFrom(...days),
        fc.boolean(),
        later,
        async (body, asOf, isYearlyReview, months) => {
          const from = (turn++ * AT_ONCE) % PEOPLE;
          const some = people.slice(from, from + AT_ONCE);
          for (const { row, one } of await compared(
            { body, asOf, on: monthsLater(asOf, months), isYearlyReview },
            some,
          )) {
            outcomes.set(one.outcome, 1 + (outcomes.get(one.outcome) ?? 0));
            expect(row).toEqual(one);
          }
        },
      ),
      { numRuns: RULE_SETS, seed: SEED, endOnFailure: process.env.TIER_RULE_SETS !== undefined },
    );
    // It has met everything that can become of a level.
    for (const outcome of ['entered', 'upgraded', 'downgraded', 'retained', 'warned', 'recovered']) {
      expect([outcome, outcomes.get(outcome) ?? 0]).toEqual([outcome, expect.any(Number)]);
      expect(outcomes.get(outcome) ?? 0).toBeGreaterThan(RULE_SETS / 50);
    }
  });

  interface At {
    readonly body: RuleSetBody;
    readonly asOf: string;
    readonly on: string;
    readonly isYearlyReview: boolean;
  }

  /** What the statement says of each, beside what one decision says: by the facts given, and by those that the statement kept. */
  async function compared({ body, asOf, on, isYearlyReview }: At, some: readonly Person[]) {
    const ruleSet: RuleSet = {
      program: 'GOTONE', kind: 'tier', scale: tiers, version: 'random', status: 'active', effectiveFrom: '2020-01-01',
      effectiveUntil: '9999-12-31', body, checksum: '', author: 'a', approver: 'b', previewRunId: undefined,
    }; // prettier-ignore
    const ids = some.map(({ customerId }) => customerId);
    const { ctes, decision, facts, standing, parameters } = decidedRows({
      ruleSet,
      asOf,
      on,
      isYearlyReview,
      slice: { from: some[0]?.customerId ?? '', to: 'ffffffff-ffff-ffff-ffff-ffffffffffff' },
      values: [],
      meant: (values) => `SELECT unnest(${values.add(ids, 'uuid[]')}) AS customer_id`,
    });
    const rows = await database.query<Row & Record<string, unknown>>(
      `WITH ${ctes} SELECT customer_id, earned, outcome, given, ${facts('x')} AS facts, ${standing} AS standing,
         ${decision.inputs('x')} AS inputs, ${decision.reasons} AS reasons FROM decided x ORDER BY customer_id`,
      parameters.values,
    );
    expect(rows).toHaveLength(some.length);
    const rules = { scale: tiers, body };
    return rows.flatMap((row, i) => {
      const who = some[i];
      if (!who) throw new Error('somebody else');
      const given = decide(rules, factsOf(who, asOf), standingOf(who, { asOf, on, isYearlyReview }), asOf);
      const kept = decide(rules, row.facts, row.standing, asOf);
      expect(kept).toEqual(given);
      const rank = (tier: string): number => rankOn(tiers, tier);
      const isLower = given.outcome === 'downgraded' || given.outcome === 'warned';
      return [
        {
          row: {
            earned: row.earned,
            outcome: ['same', 'held'].includes(row.outcome) ? 'retained' : row.outcome,
            given: isLower || row.outcome === 'upgraded' || row.outcome === 'entered' ? row.given : undefined,
            isHeld: row.outcome === 'held',
            inputs: row.inputs,
            reasons: row.reasons,
          },
          one: {
            earned: rank(given.earned),
            outcome: given.outcome,
            given:
              isLower || given.outcome === 'upgraded' || given.outcome === 'entered'
                ? rank(given.wouldBe ?? given.tier)
                : undefined,
            isHeld: given.heldBy !== undefined,
            inputs: given.inputs,
            reasons: given.reasons,
            ...(given.lowersOn !== undefined && given.lowersOn !== lowersOn(body, on) && { lowersOn: given.lowersOn }),
          },
        },
      ];
    });
  }

  async function keep(all: readonly Person[]): Promise<void> {
    await keepCustomers(db, all);
    for (const { customerId, held, override, graceEndsOn } of all) {
      if (held) await keepTier(db, customerId, held);
      if (override) {
        await db.query(
          `INSERT INTO tiering.tier_override (customer_id, override_id, program, tier, mode, category, reason, valid_from, valid_until,
             asked_by, approved_by, recorded_at)
           VALUES ($1, $2, 'GOTONE', $3, $4, 'government', 'random', $5, $6, 'a', 'b', now())`,
          [customerId, newId(), override.tier, override.mode, override.from, override.until],
        );
      }
      if (graceEndsOn) {
        await db.query(
          `INSERT INTO tiering.tier_grace (customer_id, program, decision_id, would_be, begun_on, ends_on)
           VALUES ($1, 'GOTONE', $2, 'ORDINARY', '2023-01-01', $3)`,
          [customerId, newId(), graceEndsOn],
        );
      }
    }
  }
});

function factsOf({ activatedOn, region, simKind, realName, months }: Person, asOf: string): CustomerFacts {
  return {
    customer: {
      tenureMonths: activatedOn === null ? null : tenureMonths(activatedOn, asOf),
      region,
      simKind,
      realName,
    },
    anniversaryMonth: activatedOn === null ? null : Number(activatedOn.slice(5, 7)),
    months: months.map(({ month: first, ...values }) => ({ month: first, values: { ...values, dataKb: 0 } })),
  };
}

function standingOf(
  { held, override, graceEndsOn }: Person,
  { asOf, on, isYearlyReview }: { readonly asOf: string; readonly on: string; readonly isYearlyReview: boolean },
): Standing {
  const hasBegun = override !== undefined && override.from <= on;
  return {
    tier: held,
    isYearlyReview,
    ...(on !== asOf && { on }),
    ...(hasBegun && { manualSince: override.from }),
    ...(hasBegun && on < override.until && { override: { tier: override.tier, mode: override.mode } }),
    ...(graceEndsOn && { graceEndsOn }),
  };
}
