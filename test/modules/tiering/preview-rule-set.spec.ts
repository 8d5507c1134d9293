import { jest } from '@jest/globals';
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { ForgetNamesOfPreviews } from '../../../src/modules/tiering/application/forget-names-of-previews.js';
import { PreviewRuleSet } from '../../../src/modules/tiering/application/preview-rule-set.run.js';
import { ReviewTiers } from '../../../src/modules/tiering/application/review-tiers.run.js';
import { tenureMonths } from '../../../src/modules/customers/index.js';
import { decide, type Decision, type RouteReason } from '../../../src/modules/tiering/domain/decide.js';
import { gotone2026 } from '../../../src/modules/tiering/domain/gotone-2026.js';
import { monthsLater } from '../../../src/modules/tiering/domain/months.js';
import type { Standing } from '../../../src/modules/tiering/domain/movement.js';
import { impactOf, type Becomes, type Cell, type Measured } from '../../../src/modules/tiering/domain/preview.js';
import { checksumOf } from '../../../src/modules/tiering/domain/rule-set-checksum.js';
import { rankOn, thresholdsIn, type RuleSetBody } from '../../../src/modules/tiering/domain/rule-set.js';
import { tiers, type Tier } from '../../../src/modules/tiering/index.js';
import { readCells, readMeasured } from '../../../src/modules/tiering/persistence/previews.js';
import { Database, newId, Transaction, type Tx } from '../../../src/platform/database/index.js';
import type { Counts, Run, Slice } from '../../../src/platform/queues/index.js';
import type { CustomerFacts } from '../../../src/platform/rules/index.js';
import { carryOutRun } from '../../support/carry-out-run.js';
import { TestClock } from '../../support/clock.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { keepCustomers, yearOf, type AnyCustomer } from './facts.js';
import { regions, ruleSetBody, spends } from './random-rule-sets.js';
import { SEED } from '../../support/seed.js';

const PAIRS = Number(process.env.PREVIEW_PAIRS ?? 40);
const AS_OF = '2026-02-01';
jest.setTimeout(600_000);

const clock = new TestClock('2026-02-01T02:00:00+08:00');
const managers = [newId(), newId()];

class SmallPreview extends PreviewRuleSet {
  override readonly sliceSize = 17;
}
class SmallReview extends ReviewTiers {
  override readonly sliceSize = 17;
}

/** Its worker dies in the middle of the third slice, as often as it is tried. */
class DyingPreview extends SmallPreview {
  override readonly parallelSlices = 1;
  private slices = 0;

  override async slice(tx: Tx, run: Run<{ version: string }>, slice: Slice): Promise<Counts> {
    this.slices += 1;
    const counts = await super.slice(tx, run, slice);
    if (this.slices >= 3) throw new Error('killed');
    return counts;
  }
}

interface Person {
  readonly customerId: string;
  readonly region: string;
  readonly brand: string;
  readonly managerId: string | undefined;
  readonly activatedOn: string | null;
  readonly simKind: string | null;
  readonly realName: boolean;
  readonly held: Tier | undefined;
  /** Ended before the day. */
  readonly heldBefore: Tier | undefined;
  readonly override: { readonly tier: Tier; readonly mode: 'at-least' | 'exactly'; readonly until: string } | undefined;
  readonly graceEndsOn: string | undefined;
  readonly months: readonly {
    readonly month: string;
    readonly netSpendFen: number;
    readonly packageFeeFen: number | null;
    readonly twoWaySuspensions: number;
  }[];
}

const calendar = Array.from({ length: 26 }, (_, i) => monthsLater('2024-01-01', i));
const month = fc.record({
  netSpendFen: fc.constantFrom(...spends),
  packageFeeFen: fc.option(fc.constantFrom(0, 8_799, 8_800, 40_000), { freq: 4 }),
  twoWaySuspensions: fc.constantFrom(0, 0, 1, 2),
});
const person: fc.Arbitrary<Person> = fc.record({
  customerId: fc.constant(null).map(() => newId()),
  region: fc.constantFrom(...regions),
  brand: fc.constantFrom('GOTONE', 'MZONE'),
  managerId: fc.constantFrom(undefined, ...managers),
  activatedOn: fc.constantFrom('2015-02-01', '2025-02-02', '2025-02-01', null),
  simKind: fc.option(fc.constantFrom('MAIN', 'MAIN', 'DATA'), { freq: 6 }),
  realName: fc.boolean(),
  held: fc.option(fc.constantFrom(...tiers), { nil: undefined, freq: 5 }),
  heldBefore: fc.option(fc.constantFrom(...tiers), { nil: undefined, freq: 2 }),
  override: fc.option(
    fc.record({
      tier: fc.constantFrom(...tiers),
      mode: fc.constantFrom('at-least' as const, 'exactly' as const),
      until: fc.constantFrom('2025-12-31', '2026-02-01', '2026-03-01'),
    }),
    { nil: undefined, freq: 4 },
  ),
  graceEndsOn: fc.option(fc.constantFrom('2026-01-15', '2026-02-01', '2026-03-01'), { nil: undefined, freq: 4 }),
  months: fc
    .subarray(calendar)
    .chain((some) => fc.tuple(...some.map((first) => month.map((values) => ({ month: first, ...values }))))),
}); // prettier-ignore

describe('the preview of a rule set', () => {
  let db: TestDatabase;
  let source: DataSource;

  beforeEach(async () => {
    db = await createTestDatabase();
    source = await db.dataSource();
  });
  afterEach(() => db.drop());

  const preview = (parameters: object, { key = newId(), asOf = AS_OF, definition = new SmallPreview(clock) } = {}) =>
    carryOutRun(source, definition, { key, asOf, parameters });
  const counted = async (table: string) => (await db.query<{ n: number }>(`SELECT count(*) AS n FROM ${table}`))[0]?.n;
  const impactFor = async ({ runId }: Run, body: RuleSetBody, against: RuleSetBody | undefined = undefined) =>
    impactOf({
      scale: tiers,
      body,
      against,
      cells: await readCells(new Database(source), runId),
      measured: await readMeasured(new Database(source), runId),
    });

  async function draft(version: string, body: RuleSetBody): Promise<void> {
    await db.query(
      `INSERT INTO tiering.rule_set (program, version, status, effective_from, effective_until, body, checksum, author, created_at)
       VALUES ('GOTONE', $1, 'draft', '2026-01-01', '9999-12-31', $2, $3, 'somebody', now())`,
      [version, JSON.stringify(body), checksumOf(body)],
    );
  }

  /** From the first day on, as if it had been approved long ago. */
  async function putInEffect(version: string): Promise<void> {
    await db.query(`UPDATE tiering.rule_set SET status = 'active', approver = 'another' WHERE version = $1`, [version]);
    await db.query(
      `UPDATE tiering.rule_set_period SET version = $1 WHERE program = 'GOTONE' AND effective_until = '9999-12-31'`,
      [version],
    );
  }

  /** `count` customers who spend 0, 100, 200 … yuan more than the one before. */
  const crowd = (count: number): AnyCustomer[] =>
    Array.from({ length: count }, (_, i) => ({ customerId: newId(), months: yearOf(2025, i * 10_000) }));

  const harder = (by: number, body: RuleSetBody = gotone2026): RuleSetBody => ({
    ...body,
    routes: body.routes.map((route) =>
      route.code === 'GROWTH_VALUE'
        ? { ...route, thresholds: route.thresholds.map((each) => ({ ...each, atLeast: each.atLeast + by })) }
        : route,
    ),
  });

  it(`[TIER-01] counts what one decision after the other says of everybody (${PAIRS} pairs of rule sets, seed ${SEED})`, async () => {
    const people = fc.sample(person, { numRuns: 90, seed: SEED });
    await keep(people);
    const outcomes = new Map<string, number>();
    let changes = 0;
    let nth = 0;
    await fc.assert(
      fc.asyncProperty(ruleSetBody, ruleSetBody, fc.boolean(), async (one, other, isAlike) => {
        nth += 1;
        // Drafts are mostly written from what is in effect: then many conditions are the same.
        const against = isAlike ? { ...one, routes: other.routes, exclusions: other.exclusions, provinces: [] } : other;
        await draft(`D${nth}`, one);
        await draft(`A${nth}`, against);
        const run = await preview({ version: `D${nth}`, against: `A${nth}` });
        expect(run).toMatchObject({ status: 'completed', error: undefined });
        const expected = byHand(people, one, against);
        const cells = await readCells(new Database(source), run.runId);
        expect(sorted(cells)).toEqual(sorted(expected.cells));
        const measured = await readMeasured(new Database(source), run.runId);
        expect(sorted(measured.filter(isAnything))).toEqual(sorted(expected.measured.filter(isAnything)));
        changes += expected.measured.filter((each) => isAnything(each) && each.kind !== 'border').length;
        for (const { outcome, customers } of cells) outcomes.set(outcome, customers + (outcomes.get(outcome) ?? 0));

        const impact = impactOf({ scale: tiers, body: one, against, cells, measured });
        const total = (of: readonly { customers: number }[]) => of.reduce((sum, { customers }) => sum + customers, 0);
        for (const parts of [impact.transitions, impact.differences, impact.byRegion, impact.byBrand]) {
          expect(total(parts)).toBe(people.length);
        }
        expect(total(impact.decidedBy)).toBe(impact.moves.falls + impact.moves.warned);
        expect(total(impact.atRisk)).toBe(impact.moves.falls + impact.moves.warned);
      }),
      { numRuns: PAIRS, seed: SEED, endOnFailure: true },
    );
    // It has met everything that can become of a level.
    for (const outcome of ['entered', 'upgraded', 'downgraded', 'warned', 'recovered', 'held', 'same']) {
      expect([outcome, outcomes.get(outcome) ?? 0]).toEqual([outcome, expect.any(Number)]);
      expect(outcomes.get(outcome) ?? 0).toBeGreaterThan(0);
    }
    expect(changes).toBeGreaterThan(PAIRS);
  });

  async function keep(people: readonly Person[]): Promise<void> {
    await keepCustomers(db, people);
    for (const { customerId, brand, managerId, held, heldBefore, override, graceEndsOn } of people) {
      await db.query('UPDATE customers.customer SET brand = $2, manager_id = $3 WHERE customer_id = $1', [
        customerId,
        brand,
        managerId ?? null,
      ]);
      await keepLevel(customerId, heldBefore, ['2024-02-01', '2025-02-01']);
      await keepLevel(customerId, held, ['2025-02-01', '9999-12-31']);
      if (override) {
        await db.query(
          `INSERT INTO tiering.tier_override (customer_id, override_id, program, tier, mode, category, reason, valid_from, valid_until,
             asked_by, approved_by, recorded_at)
           VALUES ($1, $2, 'GOTONE', $3, $4, 'government', 'random', '2025-11-30', $5, 'a', 'b', '2025-11-29')`,
          [customerId, newId(), override.tier, override.mode, override.until],
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

  async function keepLevel(
    customerId: string,
    tier: Tier | undefined,
    [from, until]: readonly [string, string],
  ): Promise<void> {
    if (tier === undefined) return;
    await db.query(
      `INSERT INTO tiering.tier_assignment (customer_id, program, decision_id, tier, valid_from, valid_until, end_reason)
       VALUES ($1, 'GOTONE', $2, $3, $4, $5, CASE WHEN $5::date < '9999-12-31' THEN 'changed' END)`,
      [customerId, newId(), tier, from, until],
    );
  }

  it('[TIER-01] says before what a review then does, customer for customer', async () => {
    const people = fc.sample(person, { numRuns: 120, seed: SEED + 1 });
    await keep(people);
    const gone = [newId(), newId()];
    await keepCustomers(
      db,
      gone.map((customerId) => ({ customerId, closedOn: '2026-01-15' })),
    );
    for (const customerId of gone) await keepLevel(customerId, 'GOLD', ['2025-02-01', '9999-12-31']);
    const body: RuleSetBody = {
      ...harder(-300),
      requirements: [],
      movement: {
        upgrade: 'any-run', downgrade: 'any-run', graceMonths: 0, stepwise: true, coolDownMonths: 3,
        announceRetained: false, guard: { percent: 100, from: 1 },
      }, // prettier-ignore
    };
    await draft('next', body);
    const before = await Promise.all(
      ['tiering.tier_assignment', 'tiering.tier_decision', 'platform.outbox'].map(counted),
    );
    const said = await preview({ version: 'next' });
    const { transitions, moves, departed } = await impactFor(said, body);
    expect([moves.customers, departed]).toEqual([people.length, gone.length]);
    const after = await Promise.all(
      ['tiering.tier_assignment', 'tiering.tier_decision', 'platform.outbox'].map(counted),
    );
    expect(after).toEqual(before);

    await putInEffect('next');
    const review = await carryOutRun(source, new SmallReview(clock), { key: 'live', asOf: AS_OF });
    expect(review).toMatchObject({ status: 'completed', ruleVersion: 'next', counts: changesIn(said.counts) });
    const decided = await db.query<{ from: string; to: string; outcome: string; customers: number }>(
      `SELECT from_tier AS "from", COALESCE(would_be, to_tier) AS "to", outcome, count(*) AS customers
       FROM tiering.tier_decision WHERE run_id = $1 GROUP BY 1, 2, 3`,
      [review.runId],
    );
    expect(decided.length).toBeGreaterThan(8);
    expect(sorted(decided)).toEqual(
      sorted(transitions.filter(({ outcome }) => outcome !== 'same' && outcome !== 'held')),
    );
  });

  it('[TIER-01] knows whom late figures would lower, and that they wait for the review of the year', async () => {
    const people = crowd(40);
    await keepCustomers(db, people);
    await carryOutRun(source, new SmallReview(clock), { key: 'first', asOf: AS_OF });
    const body = harder(400);
    await draft('next', body);
    const intakeId = newId();
    for (const { customerId } of people.slice(14, 20)) {
      await db.query(
        `INSERT INTO usage.month_change (customer_id, month, kind, intake_id, changed_at) VALUES ($1, '2025-06-01', 'BIL', $2, now())`,
        [customerId, intakeId],
      );
    }
    const said = await preview({ version: 'next' }, { asOf: '2026-02-20' });
    expect(said.counts).toMatchObject({ kept: expect.any(Number), downgraded: expect.any(Number) });
    await putInEffect('next');
    const review = await carryOutRun(source, new SmallReview(clock), { key: 'second', asOf: '2026-02-20' });
    expect(review).toMatchObject({ status: 'completed', counts: changesIn(said.counts) });
  });

  it('[TIER-01] tells in the middle of a year what its next review would do, when it is asked for that', async () => {
    await keepCustomers(db, crowd(60));
    await carryOutRun(source, new SmallReview(clock), { key: 'first', asOf: AS_OF });
    const body: RuleSetBody = {
      ...harder(400),
      movement: {
        upgrade: 'review', downgrade: 'review', graceMonths: 3, stepwise: false, coolDownMonths: 0,
        announceRetained: false, guard: { percent: 20, from: 1 },
      }, // prettier-ignore
    };
    await draft('yearly', body);
    const now = await impactFor(await preview({ version: 'yearly' }, { asOf: '2026-02-20' }), body);
    expect(now.moves).toMatchObject({ falls: 0, warned: 0, atRiskFen: 0 });
    expect(now.moves.kept).toBeGreaterThan(10);
    const next = await preview({ version: 'yearly', asYearlyReview: true }, { asOf: '2026-02-20' });
    const { moves } = await impactFor(next, body);
    expect(moves).toMatchObject({ falls: 0, warned: now.moves.kept, kept: 0 });
    expect(moves.atRiskFen).toBeGreaterThan(0);
  });

  it('[TIER-01] is one preview, however often it is started, and the same again under another key', async () => {
    await keepCustomers(db, crowd(60));
    await draft('harder', harder(200));
    const first = await preview({ version: 'harder' }, { key: 'one' });
    const again = await preview({ version: 'harder' }, { key: 'one' });
    const other = await preview({ version: 'harder' }, { key: 'two' });
    expect(again.runId).toBe(first.runId);
    expect(other.runId).not.toBe(first.runId);
    expect([again.checksum, other.checksum]).toEqual([first.checksum, first.checksum]);
    expect(first.summary).toMatchObject({ ruleSetChecksum: checksumOf(harder(200)), against: '2026.1' });

    // Another customer, another result.
    await keepCustomers(db, [{ customerId: newId(), months: yearOf(2025, 500_000) }]);
    expect((await preview({ version: 'harder' })).checksum).not.toBe(first.checksum);
  });

  it('[TIER-01] killed in the middle goes on where it was, to the same figures', async () => {
    await keepCustomers(db, crowd(60));
    await db.query(
      `INSERT INTO tiering.tier_assignment (customer_id, program, decision_id, tier, valid_from)
       SELECT customer_id, 'GOTONE', gen_random_uuid(), 'GOLD', '2025-02-01' FROM customers.customer`,
    );
    await draft('harder', harder(200));
    const whole = await preview({ version: 'harder' });
    const killed = await preview({ version: 'harder' }, { key: 'killed', definition: new DyingPreview(clock) });
    expect(killed).toMatchObject({ status: 'failed', progress: { slicesDone: 2, slicesTotal: 4 } });
    // What the draft says meanwhile is of no account.
    await db.query(`UPDATE tiering.rule_set SET body = $1 WHERE version = 'harder'`, [JSON.stringify(gotone2026)]);
    const resumed = await preview({ version: 'harder' }, { key: 'killed' });
    expect(resumed).toMatchObject({ status: 'completed', runId: killed.runId, checksum: whole.checksum });
    const drops = (runId: string) =>
      db.query(
        `SELECT place, customer_id, from_tier, to_tier, net_spend_fen, decided_by FROM tiering.preview_drop
         WHERE run_id = $1 ORDER BY place`,
        [runId],
      );
    expect((await drops(whole.runId)).length).toBeGreaterThan(10);
    expect(await drops(resumed.runId)).toEqual(await drops(whole.runId));
  });

  it('[TIER-01] of a past day sees the levels of that day, whatever was decided since', async () => {
    await keepCustomers(db, crowd(60));
    await draft('harder', harder(200));
    const then = await preview({ version: 'harder' }, { asOf: '2026-01-20' });
    const review = await carryOutRun(source, new SmallReview(clock), { key: 'live', asOf: AS_OF });
    expect(review.counts['entered']).toBeGreaterThan(30);
    const later = await preview({ version: 'harder' }, { asOf: '2026-01-20' });
    expect(later.checksum).toBe(then.checksum);
    const now = await preview({ version: 'harder' });
    expect(now.checksum).not.toBe(then.checksum);
    expect(now.counts['downgraded']).toBeGreaterThan(0);
  });

  it('[TIER-01] tells whether a review would pass its guard, and names the most valuable who would fall first', async () => {
    await keepCustomers(db, crowd(60));
    await carryOutRun(source, new SmallReview(clock), { key: 'first', asOf: AS_OF });
    const body: RuleSetBody = {
      ...harder(1_000),
      movement: {
        upgrade: 'any-run', downgrade: 'any-run', graceMonths: 0, stepwise: false, coolDownMonths: 0,
        announceRetained: false, guard: { percent: 10, from: 1 },
      }, // prettier-ignore
    };
    await draft('much harder', body);
    const run = await preview({ version: 'much harder' });
    const { guard, moves, atRisk } = await impactFor(run, body, gotone2026);
    expect(guard).toMatchObject({ downgrades: moves.falls, passes: false });

    const named = await db.query<{
      customer_id: string;
      ranks_lost: number;
      net_spend_fen: number;
      decided_by: string;
    }>(
      'SELECT customer_id, ranks_lost, net_spend_fen, decided_by FROM tiering.preview_drop WHERE run_id = $1 ORDER BY place',
      [run.runId],
    );
    expect(named).toHaveLength(moves.falls);
    expect(named).toEqual([...named].sort((a, b) => b.ranks_lost - a.ranks_lost || b.net_spend_fen - a.net_spend_fen));
    expect(named.reduce((sum, each) => sum + each.net_spend_fen, 0)).toBe(
      atRisk.reduce((sum, { fen }) => sum + fen, 0),
    );

    await putInEffect('much harder');
    const review = await carryOutRun(source, new SmallReview(clock), { key: 'second', asOf: AS_OF });
    expect(review.status).toBe('failed');
    expect(review.error).toContain('tiering.too-many-downgrades');
    const [pending] = await db.query<{ n: number }>('SELECT count(*) AS n FROM tiering.pending_downgrade');
    expect(pending?.n).toBe(guard.downgrades);
  });

  it('forgets after 30 days whom it named, and keeps its figures', async () => {
    await keepCustomers(db, crowd(60));
    await carryOutRun(source, new SmallReview(clock), { key: 'first', asOf: AS_OF });
    await draft('harder', harder(400));
    const run = await preview({ version: 'harder' });
    const afterDays = async (days: number) => {
      const later = new TestClock(new Date(clock.now().getTime() + days * 86_400_000));
      await new ForgetNamesOfPreviews(new Transaction(source), later).execute();
      return counted('tiering.preview_drop');
    };
    expect(await afterDays(29)).toBeGreaterThan(10);
    expect(await afterDays(31)).toBe(0);
    expect((await impactFor(run, harder(400))).moves.falls).toBeGreaterThan(10);
  });

  it('[TIER-01] makes the draft one that can be approved, and of a first rule set needs nothing to compare with', async () => {
    await keepCustomers(db, crowd(20));
    await draft('first', gotone2026);
    await db.query(`DELETE FROM tiering.rule_set_period WHERE program = 'GOTONE'`);
    const run = await preview({ version: 'first' });
    expect(run).toMatchObject({ status: 'completed', summary: { ruleSetChecksum: checksumOf(gotone2026) } });
    const [row] = await db.query(`SELECT status, preview_run_id FROM tiering.rule_set WHERE version = 'first'`);
    expect(row).toEqual({ status: 'simulated', preview_run_id: run.runId });
    const impact = await impactFor(run, gotone2026);
    expect(impact.differences).toEqual([]);
    expect(impact.againstMoves).toBeUndefined();
    expect(impact.moves.rises).toBe(15);
  });
});

const changesIn = ({ same, held, ...changes }: Counts): Counts => {
  expect(same).toBeGreaterThan(0);
  void held;
  return changes;
};

const isAnything = ({ below, above }: Measured): boolean => below + above > 0;

function sorted<T>(rows: readonly T[]): T[] {
  const text = (row: T) => JSON.stringify(Object.entries(row as object).sort(([a], [b]) => (a < b ? -1 : 1)));
  return [...rows].sort((a, b) => (text(a) < text(b) ? -1 : 1));
}

/** The same with `decide`, one customer after the other. */
function byHand(
  people: readonly Person[],
  body: RuleSetBody,
  against: RuleSetBody,
): { cells: Cell[]; measured: Measured[] } {
  const cells = new Map<string, Cell>();
  const measured = new Map<string, Measured>();
  const measure = (of: Pick<Measured, 'kind' | 'code' | 'tier'>, sign: number): void => {
    const key = JSON.stringify(of);
    const { below, above } = measured.get(key) ?? { below: 0, above: 0 };
    measured.set(key, { ...of, below: below + (sign < 0 ? 1 : 0), above: above + (sign > 0 ? 1 : 0) });
  };
  const rank = (tier: string): number => rankOn(tiers, tier);
  for (const who of people) {
    const [now, then] = [body, against].map((rules) =>
      decide({ scale: tiers, body: rules }, factsOf(who), standingOf(who), AS_OF),
    ) as [Decision, Decision];
    const key = {
      region: who.region,
      brand: who.brand,
      held: now.from,
      ...becomes(now),
      againstGiven: becomes(then).given,
      againstOutcome: becomes(then).outcome,
      decidedBy: falls(now) ? decidedBy(now, body) : '',
    };
    const spend = who.months
      .filter(({ month: first }) => first >= '2025-02-01' && first < '2026-02-01')
      .reduce((sum, { netSpendFen }) => sum + netSpendFen, 0);
    const cell = cells.get(JSON.stringify(key)) ?? { ...key, customers: 0, atRiskFen: 0, againstAtRiskFen: 0 };
    cells.set(JSON.stringify(key), {
      ...cell,
      customers: cell.customers + 1,
      atRiskFen: cell.atRiskFen + (falls(now) ? spend : 0),
      againstAtRiskFen: cell.againstAtRiskFen + (falls(then) ? spend : 0),
    });

    const isRated = now.reasons.every((each) => !('holds' in each) || each.holds === (each.kind === 'requirement'));
    const codes = (decision: Decision): string[] =>
      decision.reasons.flatMap((each) => ('code' in each ? [each.code] : []));
    for (const code of new Set([...codes(now), ...codes(then)])) {
      for (const kind of ['requirement', 'exclusion'] as const) {
        const holds = (decision: Decision): number => {
          const found = decision.reasons.find((each) => each.kind === kind && each.code === code);
          return Number(found === undefined ? kind === 'requirement' : 'holds' in found && found.holds);
        };
        measure({ kind, code, tier: '' }, holds(now) - holds(then));
      }
      const given = (decision: Decision): number => {
        const found = decision.reasons.find((each) => each.kind === 'route' && each.code === code);
        return found?.kind === 'route' ? rank(found.tier) : 0;
      };
      measure({ kind: 'route', code, tier: '' }, given(now) - given(then));
    }
    for (const reason of now.reasons.filter((each): each is RouteReason => each.kind === 'route')) {
      const route = body.routes.find(({ code }) => code === reason.code);
      if (!route || reason.actual === null || !isRated) continue;
      for (const { tier, atLeast, retainAtLeast = atLeast } of thresholdsIn(body, route, who.region)) {
        const asked = rank(tier) <= rank(now.from) ? retainAtLeast : atLeast;
        if (asked <= 0) continue;
        if (reason.actual < asked)
          measure({ kind: 'border', code: route.code, tier }, reason.actual >= asked * 0.95 ? -1 : 0);
        else measure({ kind: 'border', code: route.code, tier }, reason.actual * 100 <= asked * 105 ? 1 : 0);
      }
    }
  }
  return { cells: [...cells.values()], measured: [...measured.values()] };
}

const falls = ({ outcome }: Decision): boolean => outcome === 'downgraded' || outcome === 'warned';

function becomes({ from, tier, outcome, heldBy, wouldBe }: Decision): { given: string; outcome: Becomes } {
  if (outcome === 'retained') return { given: from, outcome: heldBy ? 'held' : 'same' };
  return { given: outcome === 'recovered' ? from : (wouldBe ?? tier), outcome };
}

function decidedBy({ reasons }: Decision, body: RuleSetBody): string {
  const rank = (tier: string): number => rankOn(tiers, tier);
  const override = reasons.find((each) => each.kind === 'override');
  const isRated = reasons.every((each) => !('holds' in each) || each.holds === (each.kind === 'requirement'));
  const routes = reasons.filter((each): each is RouteReason => each.kind === 'route');
  const byRules = isRated ? Math.max(...routes.map(({ tier }) => rank(tier))) : 0;
  if (override && (override.mode === 'exactly' || rank(override.tier) > byRules)) return 'override';
  const excluded = body.exclusions.find(({ code }) =>
    reasons.some((each) => each.kind === 'exclusion' && each.code === code && each.holds),
  );
  if (excluded) return `exclusion ${excluded.code}`;
  const missed = reasons.find((each) => each.kind === 'requirement' && !each.holds);
  if (missed && 'code' in missed) return `requirement ${missed.code}`;
  return byRules === 0 ? 'route' : `route ${routes.find(({ tier }) => rank(tier) === byRules)?.code ?? ''}`;
}

function factsOf({ activatedOn, region, simKind, realName, months }: Person): CustomerFacts {
  return {
    customer: {
      tenureMonths: activatedOn === null ? null : tenureMonths(activatedOn, AS_OF),
      region,
      simKind,
      realName,
    },
    anniversaryMonth: activatedOn === null ? null : Number(activatedOn.slice(5, 7)),
    months: months.map(({ month: first, ...values }) => ({ month: first, values: { ...values, dataKb: 0 } })),
  };
}

function standingOf({ held, override, graceEndsOn }: Person): Standing {
  return {
    tier: held,
    isYearlyReview: true,
    ...(override && { manualSince: '2025-11-30' }),
    ...(override && AS_OF < override.until && { override: { tier: override.tier, mode: override.mode } }),
    ...(graceEndsOn && { graceEndsOn }),
  };
}
