import * as fc from 'fast-check';
import {
  aggregates,
  defineMetrics,
  validateCondition,
  validateExpression,
  type Comparison,
  type Condition,
  type CustomerFacts,
  type Expression,
  type Metric,
  type Window,
} from '../../../src/platform/rules/index.js';

const about = { label: { en: 'a', zh: '甲' }, description: 'random', unit: 'none' } as const;
const metrics: readonly Metric[] = [
  { ...about, name: 'tenure', column: 'tenure_months', source: 'customer', type: 'integer', nullable: false },
  { ...about, name: 'credit', column: 'credit', source: 'customer', type: 'integer', nullable: true },
  { ...about, name: 'region', column: 'region', source: 'customer', type: 'text', nullable: true },
  { ...about, name: 'realName', column: 'real_name', source: 'customer', type: 'boolean', nullable: true },
  { ...about, name: 'spend', column: 'spend_fen', source: 'month', type: 'integer', nullable: true },
  {
    ...about,
    name: 'calls',
    column: 'calls',
    source: 'month',
    type: 'integer',
    nullable: false,
    smallest: 0,
    largest: 9,
  },
];

export const catalogue = defineMetrics(metrics);

// Few distinct numbers, so that values often stand exactly on, just below or just above a threshold.
const small = fc.integer({ min: -4, max: 9 });
const amount = fc.oneof({ weight: 30, arbitrary: small }, fc.constantFrom(-1_000_000_000_000, 1_000_000_000_000));
const texts = ['44', '广东', '', "4'4", '$1', 'GD; DROP TABLE c', '"\\\n'] as const;
const text = fc.constantFrom(...texts);
const nullable = <T>(value: fc.Arbitrary<T>) => fc.option(value, { freq: 4 });

/** Newest first; from long before any window to months that are not over yet. */
const calendar = Array.from(
  { length: 66 },
  (_, i) => `${2021 + Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, '0')}-01`,
);

export const customerFacts: fc.Arbitrary<CustomerFacts> = fc.record({
  customer: fc.record({
    tenure: amount,
    credit: nullable(amount),
    region: nullable(text),
    realName: nullable(fc.boolean()),
  }),
  anniversaryMonth: nullable(fc.integer({ min: 1, max: 12 })),
  months: fc
    .constantFrom(0, 1, 3, 20, calendar.length)
    .chain((most) => fc.subarray(calendar, { maxLength: most }))
    .chain((months) =>
      fc.tuple(
        ...months.map((month) =>
          fc.record({
            month: fc.constant(month),
            values: fc.record({ spend: nullable(amount), calls: fc.integer({ min: 0, max: 9 }) }),
          }),
        ),
      ),
    ),
});

export const asOf = fc.oneof(
  fc.constantFrom(
    '2024-02-29',
    '2025-02-28',
    '2024-03-01',
    '2026-01-31',
    '2026-01-01',
    '2025-12-01',
    '2025-11-30',
    '2025-12-31',
    '2025-03-31',
  ),
  fc
    .date({ min: new Date('2023-01-01'), max: new Date('2026-07-31'), noInvalidDate: true })
    .map((d) => d.toISOString().slice(0, 10)),
);

const offset = fc
  .option(fc.constantFrom<0 | -1>(0, -1), { nil: undefined })
  .map((each) => (each === undefined ? {} : { offset: each }));
const window: fc.Arbitrary<Window> = fc.oneof(
  fc
    .record({
      months: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 40 })),
      skip: fc.integer({ min: 0, max: 14 }),
    })
    .map(({ months, skip }) => ({ kind: 'rolling-months', months, ...(skip < 8 ? { skip } : {}) }) as const),
  offset.map((each) => ({ kind: 'calendar-year', ...each }) as const),
  offset.map((each) => ({ kind: 'points-year', ...each }) as const),
  offset.map((each) => ({ kind: 'anniversary-year', ...each }) as const),
);

const monthMetric = (agg: fc.Arbitrary<(typeof aggregates)[number]>) =>
  fc.record({ metric: fc.constantFrom('spend', 'calls'), agg, window });
const whole = fc.constantFrom(...aggregates).filter((agg) => agg !== 'avg');
const number = fc.oneof(
  { weight: 3, arbitrary: monthMetric(whole) },
  fc.constantFrom({ metric: 'tenure' }, { metric: 'credit' }),
);
const order = fc.constantFrom('==', '!=', '<', '<=', '>', '>=' as const);

export const { comparison, condition, expression } = fc.letrec<{
  comparison: Comparison;
  condition: Condition;
  expression: Expression;
}>((tie) => {
  const few = <K extends 'condition' | 'expression'>(key: K) =>
    fc.array(tie(key), { minLength: 1, maxLength: 3, depthIdentifier: 'rule' });
  const pair = (second: fc.Arbitrary<number>) => fc.tuple(tie('expression'), second);
  return {
    expression: fc.oneof(
      { depthIdentifier: 'rule', maxDepth: 5, withCrossShrink: true },
      number,
      amount.map((value) => ({ const: value })),
      fc.record({ add: few('expression') }),
      fc.record({ sub: fc.tuple(tie('expression'), tie('expression')) }),
      fc.record({ mul: pair(fc.integer({ min: -3, max: 4 })) }),
      fc.record({ divFloor: pair(fc.oneof(fc.integer({ min: 1, max: 7 }), fc.constant(1_000_000_000_000))) }),
      fc.record({ min: few('expression') }),
      fc.record({ max: few('expression') }),
      fc.record({
        case: fc.array(fc.record({ when: tie('condition'), then: tie('expression') }), { minLength: 1, maxLength: 2 }),
        else: tie('expression'),
      }),
    ),
    comparison: fc.oneof(
      { depthIdentifier: 'rule', maxDepth: 5, withCrossShrink: true },
      { weight: 3, arbitrary: fc.tuple(number, order, amount).map(([left, op, value]) => ({ ...left, op, value })) },
      {
        weight: 2,
        arbitrary: fc
          .tuple(monthMetric(fc.constant('avg')), order, fc.oneof(small, tie('expression')))
          .map(([left, op, value]) => ({ ...left, op, value })),
      },
      fc
        .tuple(number, fc.uniqueArray(small, { minLength: 1 }))
        .map(([left, value]) => ({ ...left, op: 'in', value }) as const),
      fc.record({ metric: fc.constant('region'), op: fc.constantFrom('==', '!='), value: text }),
      fc.record({
        metric: fc.constant('region'),
        op: fc.constant('in'),
        value: fc.uniqueArray(text, { minLength: 1 }),
      }),
      fc.record({ metric: fc.constant('realName'), op: fc.constantFrom('==', '!='), value: fc.boolean() }),
      {
        weight: 3,
        arbitrary: fc.record({ expr: tie('expression'), op: order, value: fc.oneof(amount, tie('expression')) }),
      },
    ),
    condition: fc.oneof(
      { depthIdentifier: 'rule', maxDepth: 5, withCrossShrink: true },
      { weight: 12, arbitrary: tie('comparison') },
      { weight: 2, arbitrary: fc.record({ all: few('condition') }) },
      { weight: 2, arbitrary: fc.record({ any: few('condition') }) },
      { weight: 2, arbitrary: fc.record({ not: tie('condition') }) },
    ),
  };
});

/** Valid rules only: what could leave the exact whole numbers or asks nothing is refused, and so never compiled. */
export const validCondition = condition.filter((json) => validateCondition(catalogue, json).ok);
export const validExpression = expression.filter((json) => validateExpression(catalogue, json).ok);

/** A valid rule with one key or value spoilt anywhere in it. */
export const spoiltCondition = fc
  .tuple(
    validCondition,
    fc.nat(),
    fc.constantFrom<unknown>(null, 1.5, '', [], {}, 'avg', -1, undefined, { const: 1 }, 2 ** 60),
  )
  .map(([rule, at, spoil]) => {
    let place = 0;
    const size = JSON.stringify(rule).split(/[,:]/).length;
    return JSON.parse(
      JSON.stringify(rule, (_, value: unknown) => (place++ === at % size ? spoil : value)) ?? 'null',
    ) as unknown;
  });
