import * as fc from 'fast-check';
import { compileExpression, compilePredicate } from './compile-predicate.js';
import type { CustomerFacts } from './facts.js';
import { defineMetrics } from './metric-catalogue.js';
import type { Condition, Expression } from './rule.js';
import { validateCondition, validateExpression } from './validate-rule.js';

const SEED = Number(process.env['SEED'] ?? 250_201);

const about = { label: { en: 'x', zh: '甲' }, description: '', unit: 'none', source: 'customer' } as const;
const grades = [0, 1, 2, 3, 4];
const catalogue = defineMetrics([
  { ...about, name: 'grade', column: 'grade', type: 'integer', nullable: false, smallest: 0, largest: 4 },
  { ...about, name: 'mood', column: 'mood', type: 'integer', nullable: true, smallest: 0, largest: 4 },
  { ...about, name: 'isVip', column: 'is_vip', type: 'boolean', nullable: true },
]);
/** Everybody there can be. */
const everybody: readonly CustomerFacts[] = grades.flatMap((grade) =>
  [...grades, null].flatMap((mood) =>
    [true, false, null].map((isVip) => ({ customer: { grade, mood, isVip }, months: [] })),
  ),
);

const errorsOf = (json: unknown) => {
  const checked = validateCondition(catalogue, json);
  return checked.ok ? [] : checked.errors.map(({ pointer, reason }) => `${pointer}: ${reason}`);
};
const holding = (condition: Condition): number =>
  everybody.filter((facts) => compilePredicate(condition, catalogue)(facts, '2026-02-01').holds).length;

const metric = fc.constantFrom('grade', 'mood');
const comparison: fc.Arbitrary<Condition> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      metric,
      op: fc.constantFrom('==', '!=', '<', '<=', '>', '>=' as const),
      value: fc.integer({ min: -1, max: 5 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      metric,
      op: fc.constant('in' as const),
      value: fc.uniqueArray(fc.constantFrom(...grades), { minLength: 1 }),
    }),
  },
  fc.record({
    metric: fc.constant('isVip'),
    op: fc.constantFrom('==', '!=' as const),
    value: fc.boolean(),
  }),
);
const leaf = comparison
  .filter((each) => errorsOf(each).length === 0)
  .chain((each) => fc.constantFrom<Condition>(each, { not: each }, { not: { not: each } }));
const leaves = fc.array(leaf, { minLength: 2, maxLength: 4 });

describe(`a condition that is decided before it is asked (SEED=${SEED})`, () => {
  const check = <T>(arbitrary: fc.Arbitrary<T>, property: (value: T) => void) =>
    fc.assert(fc.property(arbitrary, property), { seed: SEED, numRuns: 400 });

  it('is a comparison that nobody or everybody satisfies, and no other is refused', () => {
    check(comparison, (rule) => {
      const held = holding(rule);
      const verdict = held === 0 ? [': can never hold'] : held === everybody.length ? [': always holds'] : [];
      expect(errorsOf(rule).map((error) => error.split(': ', 2).join(': '))).toEqual(verdict);
    });
  });

  it('is an "all" that nobody satisfies, and no other is refused', () => {
    check(leaves, (all) => {
      expect(errorsOf({ all }).length > 0).toBe(holding({ all }) === 0);
    });
  });

  it('is an "any" that everybody satisfies, and no other is refused', () => {
    check(leaves, (any) => {
      expect(errorsOf({ any }).length > 0).toBe(holding({ any }) === everybody.length);
    });
  });

  it('is a branch that nobody reaches, and no other is refused', () => {
    check(leaves, (whens) => {
      const branches = whens.map((when, i) => ({ when, then: { const: i } }));
      const rule: Expression = { case: branches, else: { const: -1 } };
      const reached = new Set(everybody.map((facts) => compileExpression(rule, catalogue)(facts, '2026-02-01')));
      const checked = validateExpression(catalogue, rule);
      expect(checked.ok ? [] : checked.errors.map(({ pointer }) => pointer)).toEqual(
        branches.flatMap(({ then }) => (reached.has(then.const) ? [] : [`/case/${then.const}/when`])),
      );
    });
  });
});
