import * as fc from 'fast-check';
import {
  compilePredicate,
  validateCondition,
  type Condition,
  type Expression,
  type Operator,
} from '../../../src/platform/rules/index.js';
import { asOf, catalogue, comparison, customerFacts, expression } from './random-rules.js';
import { SEED } from '../../support/seed.js';

const holds = (rule: Condition, ...[facts, day]: Parameters<ReturnType<typeof compilePredicate>>) =>
  compilePredicate(rule, catalogue)(facts, day).holds;
const errorsOf = (rule: Condition) => {
  const checked = validateCondition(catalogue, rule);
  return checked.ok ? [] : checked.errors;
};
const reasonsAgainst = (rule: Condition) => errorsOf(rule).map(({ reason }) => reason);

describe(`a rule that is refused because it asks nothing (SEED=${SEED})`, () => {
  const customers = fc.sample(customerFacts, { seed: SEED, numRuns: 40 });

  it('is a comparison that holds for nobody, or for everybody', () => {
    const met = { never: 0, always: 0 };
    fc.assert(
      fc.property(comparison, asOf, (rule, day) => {
        // A place within the rule may ask nothing, and the whole something.
        for (const { reason } of errorsOf(rule).filter(({ pointer }) => pointer === '')) {
          if (reason.startsWith('can never hold:')) {
            met.never += 1;
            expect(customers.some((facts) => holds(rule, facts, day))).toBe(false);
          }
          if (reason.startsWith('always holds:')) {
            met.always += 1;
            expect(customers.every((facts) => holds(rule, facts, day))).toBe(true);
          }
        }
      }),
      { seed: SEED, numRuns: 2_000 },
    );
    expect(met.never).toBeGreaterThan(30);
    expect(met.always).toBeGreaterThan(10);
  });

  it('is comparisons of one value that hold together for nobody, or of which one holds for everybody', () => {
    const met = { never: 0, always: 0 };
    const aboutOne = fc
      .tuple(
        expression,
        fc.array(
          fc.record({
            op: fc.constantFrom<Operator>('==', '!=', '<', '<=', '>', '>='),
            value: fc.oneof({ weight: 4, arbitrary: fc.integer({ min: -2, max: 12 }) }, expression),
            isMeant: fc.boolean(),
          }),
          { minLength: 2, maxLength: 3 },
        ),
      )
      .map(([expr, parts]) =>
        parts.map(({ op, value, isMeant }): Condition =>
          isMeant ? { expr, op, value } : { not: { expr, op, value } },
        ),
      )
      .filter((parts) => parts.every((each) => reasonsAgainst(each).length === 0));
    fc.assert(
      fc.property(aboutOne, asOf, (parts, day) => {
        if (reasonsAgainst({ all: parts }).length > 0) {
          met.never += 1;
          expect(customers.some((facts) => holds({ all: parts }, facts, day))).toBe(false);
        }
        if (reasonsAgainst({ any: parts }).length > 0) {
          met.always += 1;
          expect(customers.every((facts) => holds({ any: parts }, facts, day))).toBe(true);
        }
      }),
      { seed: SEED, numRuns: 400 },
    );
    expect(met.never).toBeGreaterThan(20);
    expect(met.always).toBeGreaterThan(5);
  });

  it('knows that a mean may lie between two whole numbers', () => {
    const mean = (op: Operator, value: number | Expression): Condition => ({
      metric: 'calls',
      agg: 'avg',
      window: { kind: 'rolling-months', months: 2 },
      op,
      value,
    });
    expect(reasonsAgainst({ all: [mean('>', 2), mean('<', 3)] })).toEqual([]);
    expect(reasonsAgainst({ all: [mean('>', 2), mean('<=', 2)] })).toEqual(['can never hold together with /all/0']);
    expect(reasonsAgainst({ all: [mean('>=', 2), mean('<=', 2), mean('!=', 2)] })).toEqual([
      'can never hold together with /all/0, /all/1',
    ]);
  });
});
