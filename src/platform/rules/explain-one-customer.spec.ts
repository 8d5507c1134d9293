import { compileExpression, compilePredicate } from './compile-predicate.js';
import type { CustomerFacts } from './facts.js';
import { defineMetrics } from './metric-catalogue.js';
import { renderAmount } from './render-rule.js';
import type { Condition } from './rule.js';

const about = { nullable: true, description: '' } as const;
const catalogue = defineMetrics([
  {
    ...about,
    name: 'spend',
    column: 'spend_fen',
    source: 'month',
    type: 'integer',
    unit: 'fen',
    label: { en: 'spend', zh: '消费' },
  },
  {
    ...about,
    name: 'region',
    column: 'region',
    source: 'customer',
    type: 'text',
    unit: 'none',
    label: { en: 'region', zh: '地区' },
  },
]);
const lastYear = { kind: 'calendar-year', offset: -1 } as const;
const rolling = (months: number, skip = 0) => ({ kind: 'rolling-months', months, skip }) as const;

const spent = (spendByMonth: Record<string, number | null>): CustomerFacts => ({
  customer: { region: 'GD' },
  months: Object.entries(spendByMonth).map(([month, spend]) => ({ month: `${month}-01`, values: { spend } })),
});
const explain = (condition: Condition, facts: CustomerFacts) =>
  compilePredicate(condition, catalogue)(facts, '2026-02-01');

describe('explaining a decision to one customer', () => {
  const gold: Condition = { metric: 'spend', agg: 'sum', window: lastYear, op: '>=', value: 1_200_000 };

  it('says how much is missing (还差 120 元保级)', () => {
    const { holds, trace } = explain(
      gold,
      spent({ '2024-12': 999, '2025-01': 600_000, '2025-12': 588_000, '2026-01': 999 }),
    );
    expect(holds).toBe(false);
    expect(trace).toEqual([
      {
        pointer: '',
        subject: { en: 'total spend over the last calendar year', zh: '上一自然年消费合计' },
        unit: 'fen',
        actual: 1_188_000,
        op: '>=',
        threshold: 1_200_000,
        holds: false,
        wanted: true,
        gap: 12_000,
      },
    ]);
    expect(renderAmount(trace[0]?.gap ?? 0, 'fen', 'zh')).toBe('120元');
  });

  it('shows every comparison, also those after the one that decided', () => {
    const rule: Condition = { any: [{ metric: 'region', op: '==', value: 'GD' }, gold] };
    const { holds, trace } = explain(rule, spent({}));
    expect(holds).toBe(true);
    expect(trace.map(({ pointer, holds, gap }) => ({ pointer, holds, gap }))).toEqual([
      { pointer: '/any/0', holds: true, gap: 0 },
      { pointer: '/any/1', holds: false, gap: 1_200_000 },
    ]);
  });

  it('below a "not" measures how far the comparison is from failing', () => {
    const rule: Condition = { not: { metric: 'spend', agg: 'max', window: rolling(3), op: '>', value: 100 } };
    expect(explain(rule, spent({ '2026-01': 150 }))).toMatchObject({
      holds: false,
      trace: [{ holds: true, wanted: false, gap: 50 }],
    });
  });

  it('compares an average exactly, over the months that have a value', () => {
    const average = (op: '>=' | '>' | '<=', value: number): Condition => ({
      metric: 'spend',
      agg: 'avg',
      window: rolling(3),
      op,
      value,
    });
    const facts = spent({ '2025-11': 100, '2025-12': null, '2026-01': 101 });
    expect(explain(average('>', 100), facts).holds).toBe(true);
    expect(explain(average('<=', 100), facts)).toMatchObject({ holds: false, trace: [{ actual: 100, gap: 1 }] });
    expect(explain(average('>=', 101), facts)).toMatchObject({ holds: false, trace: [{ actual: 100, gap: 1 }] });
  });

  it('lets nothing unknown satisfy a comparison, so that its "not" holds', () => {
    const never: Condition = { metric: 'spend', agg: 'last', window: rolling(3), op: '!=', value: 5 };
    expect(explain(never, spent({ '2026-01': null }))).toMatchObject({
      holds: false,
      trace: [{ actual: null, gap: null }],
    });
    expect(explain({ not: never }, spent({})).holds).toBe(true);
    expect(explain({ metric: 'spend', agg: 'sum', window: rolling(3), op: '==', value: 0 }, spent({})).holds).toBe(
      true,
    );
  });

  it('sees a fall: last month at most half the mean of the three before it', () => {
    const fell: Condition = {
      expr: { mul: [{ metric: 'spend', agg: 'last', window: rolling(1) }, 6] },
      op: '<=',
      value: { metric: 'spend', agg: 'sum', window: rolling(3, 1) },
    };
    const before = { '2025-10': 90, '2025-11': 110, '2025-12': 100 };
    expect(explain(fell, spent({ ...before, '2026-01': 50 })).holds).toBe(true);
    expect(explain(fell, spent({ ...before, '2026-01': 51 }))).toMatchObject({ holds: false, trace: [{ gap: 6 }] });
  });

  it('reads the anniversary year of each customer, and nothing of one who was never activated', () => {
    const window = { kind: 'anniversary-year', offset: -1 } as const;
    const total: Condition = { metric: 'spend', agg: 'sum', window, op: '>=', value: 1 };
    const highest: Condition = { metric: 'spend', agg: 'max', window, op: '>=', value: 1 };
    const facts = spent({ '2024-05': 7, '2024-06': 10, '2025-05': 20, '2025-06': 40 });
    expect(explain(total, { ...facts, anniversaryMonth: 6 }).trace).toMatchObject([{ actual: 30, holds: true }]);
    expect(explain(total, { ...facts, anniversaryMonth: null }).trace).toMatchObject([{ actual: 0, holds: false }]);
    expect(explain(highest, { ...facts, anniversaryMonth: null }).trace).toMatchObject([
      { actual: null, holds: false },
    ]);
    expect(() => explain(total, facts)).toThrow('the month of the anniversary is not known');
  });

  it('does not take a column that nobody loaded for a "no"', () => {
    const facts = { customer: {}, months: [] };
    expect(() => explain({ metric: 'region', op: '==', value: 'GD' }, facts)).toThrow('lack customer metric region');
    expect(() => explain({ metric: 'gone', op: '==', value: 1 }, facts)).toThrow('not in the catalogue');
  });
});

describe('calculating a score', () => {
  const score = (spend: number | null) =>
    compileExpression(
      {
        case: [{ when: { metric: 'spend', agg: 'last', window: rolling(1), op: '<', value: 0 }, then: { const: -1 } }],
        else: {
          min: [
            { divFloor: [{ sub: [{ metric: 'spend', agg: 'last', window: rolling(1) }, { const: 100 }] }, 50] },
            { const: 3 },
          ],
        },
      },
      catalogue,
    )(spent({ '2026-01': spend }), '2026-02-01');

  it.each([
    [-5, -1],
    [0, -2],
    [99, -1],
    [100, 0],
    [249, 2],
    [9_999, 3],
    [null, 3],
  ])('of spend %p gives %p: floor is towards minus infinity, min passes over the unknown', (spend, expected) => {
    expect(score(spend)).toBe(expected);
  });
});
