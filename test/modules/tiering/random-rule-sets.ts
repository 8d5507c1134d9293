import fc from 'fast-check';
import { freeMovement, type RuleSetBody, type Threshold } from '../../../src/modules/tiering/domain/rule-set.js';
import { errorsOf } from '../../../src/modules/tiering/domain/validate-rule-set.js';
import { tiers, type Tier } from '../../../src/modules/tiering/index.js';
import type { Comparison, Condition, Expression, Window } from '../../../src/platform/rules/index.js';

/** Days on which months, years, leap days and level years begin and end. */
export const days = [
  '2024-02-29', '2025-02-28', '2025-03-31', '2025-11-30', '2025-12-01', '2025-12-31', '2026-01-01', '2026-01-31', '2026-02-01', '2026-02-28',
] as const; // prettier-ignore

export const regions = ['440000', '330000', '510000'] as const;

/** Fen of a month: sums of few of them stand just below, on and just above what rule sets ask for. */
export const spends = [0, 1, 99, 100, 33_325, 33_333, 33_334, 39_900, 40_000, 100_000, 399_900, 400_000] as const;

const amount = fc.oneof(
  fc.constantFrom(0, 1, 2, 3, 11, 12, 13, 36, 799, 800, 1_000, 3_999, 4_000, 4_001, 39_999, 40_000, 399_900, 400_000),
  fc.constantFrom(...spends),
  fc.integer({ min: -3, max: 6 }),
);
const offset = fc.constantFrom<0 | -1>(0, -1);
const window: fc.Arbitrary<Window> = fc.oneof(
  fc.record({ kind: fc.constant('rolling-months' as const), months: fc.integer({ min: 1, max: 13 }), skip: fc.integer({ min: 0, max: 2 }) }),
  fc.record({ kind: fc.constantFrom('calendar-year' as const, 'points-year' as const, 'anniversary-year' as const), offset }),
); // prettier-ignore
const monthMetric = fc.constantFrom('netSpendFen', 'packageFeeFen', 'twoWaySuspensions', 'dataKb');
const reference = (agg: fc.Arbitrary<'sum' | 'avgFloor' | 'min' | 'max' | 'last' | 'count' | 'avg'>) =>
  fc.record({ metric: monthMetric, agg, window });
const whole = reference(fc.constantFrom('sum', 'sum', 'avgFloor', 'min', 'max', 'last', 'count'));

const order = fc.constantFrom('==', '!=', '<', '<=', '>', '>=' as const);
const comparison: fc.Arbitrary<Comparison> = fc.oneof(
  fc.tuple(reference(fc.constantFrom('sum', 'avg', 'max', 'last')), order, amount).map(([left, op, value]) => ({ ...left, op, value })),
  fc.record({ metric: fc.constant('tenureMonths'), op: order, value: fc.constantFrom(0, 1, 6, 11, 12, 13, 36) }),
  fc.record({ metric: fc.constant('simKind'), op: fc.constantFrom('==', '!='), value: fc.constantFrom('MAIN', 'DATA') }),
  fc.record({ metric: fc.constant('realName'), op: fc.constantFrom('==', '!='), value: fc.boolean() }),
  fc.record({ metric: fc.constant('region'), op: fc.constant('in' as const), value: fc.shuffledSubarray([...regions], { minLength: 1 }) }),
); // prettier-ignore

const { expression, condition } = fc.letrec<{ expression: Expression; condition: Condition }>((tie) => ({
  expression: fc.oneof(
    { depthIdentifier: 'rule', maxDepth: 3 },
    whole,
    fc.constant({ metric: 'tenureMonths' }),
    fc.record({ add: fc.array(tie('expression'), { minLength: 1, maxLength: 3, depthIdentifier: 'rule' }) }),
    fc.record({ sub: fc.tuple(tie('expression'), tie('expression')) }),
    fc.record({ mul: fc.tuple(tie('expression'), fc.integer({ min: -2, max: 3 })) }),
    fc.record({ divFloor: fc.tuple(tie('expression'), fc.constantFrom(1, 3, 100)) }),
    fc.record({ min: fc.array(tie('expression'), { minLength: 1, maxLength: 2, depthIdentifier: 'rule' }) }),
    fc.record({
      case: fc.array(fc.record({ when: tie('condition'), then: tie('expression') }), { minLength: 1, maxLength: 2 }),
      else: amount.map((value) => ({ const: value })),
    }),
  ),
  condition: fc.oneof(
    { depthIdentifier: 'rule', maxDepth: 3 },
    { weight: 3, arbitrary: comparison },
    fc.record({ all: fc.array(tie('condition'), { minLength: 1, maxLength: 2, depthIdentifier: 'rule' }) }),
    fc.record({ any: fc.array(tie('condition'), { minLength: 1, maxLength: 2, depthIdentifier: 'rule' }) }),
    fc.record({ not: tie('condition') }),
    fc.record({ expr: tie('expression'), op: order, value: amount }),
  ),
}));

const label = { en: 'x', zh: '某' };
const unit = 'none' as const;

/** Falling amounts for some of the levels, each of them sometimes easier to keep than to reach. */
const thresholds = (levels: readonly Tier[]): fc.Arbitrary<Threshold[]> =>
  fc
    .tuple(
      fc.shuffledSubarray([...levels], { minLength: 1 }),
      fc.uniqueArray(amount, { minLength: levels.length, maxLength: levels.length }),
      fc.array(fc.constantFrom(0, 0, 1, 2, 100), { minLength: levels.length, maxLength: levels.length }),
    )
    .map(([some, amounts, less]) => {
      const falling = amounts.slice(0, some.length).sort((a, b) => b - a);
      const highestFirst = levels.filter((level) => some.includes(level));
      return highestFirst.map((tier, i) => {
        const atLeast = falling[i] ?? 0;
        const retainAtLeast = atLeast - (less[i] ?? 0);
        return retainAtLeast === atLeast ? { tier, atLeast } : { tier, atLeast, retainAtLeast };
      });
    });

const movement = fc.record({
  upgrade: fc.constantFrom('any-run' as const, 'review' as const),
  downgrade: fc.constantFrom('any-run' as const, 'review' as const),
  graceMonths: fc.constantFrom(0, 0, 1, 3),
  stepwise: fc.boolean(),
  coolDownMonths: fc.constantFrom(0, 0, 1, 6),
  announceRetained: fc.boolean(),
  guard: fc.constant(freeMovement.guard),
});

/** Rule sets of all shapes that an author can draft. */
export const ruleSetBody: fc.Arbitrary<RuleSetBody> = fc
  .subarray(tiers.slice(0, -1), { minLength: 1 })
  .chain((levels) =>
    fc.record({
      levels: fc.constant([...levels, 'ORDINARY'].map((tier) => ({ tier, label }))),
      inputs: fc.array(expression, { maxLength: 2 }).map((all) => all.map((value, i) => ({ code: `I${i}`, label, unit, value }))),
      requirements: fc.array(condition, { maxLength: 2 }).map((all) => all.map((each, i) => ({ code: `R${i}`, label, condition: each }))),
      exclusions: fc.array(condition, { maxLength: 1 }).map((all) => all.map((each, i) => ({ code: `X${i}`, label, condition: each }))),
      routes: fc
        .array(fc.tuple(expression, thresholds(levels)), { minLength: 1, maxLength: 3 })
        .map((all) => all.map(([measure, of], i) => ({ code: `W${i}`, label, unit, measure, thresholds: of }))),
      review: fc.constantFrom({ month: 2, day: 1 }, { month: 1, day: 1 }, { month: 12, day: 1 }),
      movement: fc.option(movement, { nil: undefined }),
      provinces: fc.option(
        fc.uniqueArray(fc.tuple(fc.constantFrom(...regions), thresholds(levels)), { selector: ([region]) => region, minLength: 1, maxLength: 2 }).map((all) =>
          all.map(([region, of]) => ({ region, routes: [{ code: 'W0', thresholds: of }] })),
        ),
        { nil: undefined },
      ),
    }),
  )
  .map(({ movement: policy, provinces, ...body }) => ({
    ...body,
    ...(policy && { movement: policy }),
    ...(provinces && { provinces }),
  }))
  .filter((body) => isDraftable(body)); // prettier-ignore

/** What the check refuses is never decided by. Levels that nobody can reach are no matter here. */
function isDraftable(body: RuleSetBody): boolean {
  return errorsOf(body, { scale: tiers }).every(({ reason }) => reason.startsWith('nobody can'));
}
