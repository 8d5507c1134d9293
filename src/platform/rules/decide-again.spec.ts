import { compileExpression, compilePredicate } from './compile-predicate.js';
import { measure, type CustomerFacts, type MeasuredFacts } from './facts.js';
import { defineMetrics } from './metric-catalogue.js';
import type { Condition, Expression } from './rule.js';

const about = { nullable: true, description: '', unit: 'none', label: { en: 'x', zh: '甲' } } as const;
const catalogue = defineMetrics([
  { ...about, name: 'spend', column: 'spend_fen', source: 'month', type: 'integer' },
  { ...about, name: 'tenure', column: 'tenure', source: 'customer', type: 'integer' },
  { ...about, name: 'region', column: 'region', source: 'customer', type: 'text' },
  { ...about, name: 'brand', column: 'brand', source: 'customer', type: 'text' },
]);
const lastYear = { kind: 'calendar-year', offset: -1 } as const;
const asOf = '2026-02-01';

const gold: Condition = {
  all: [
    { metric: 'spend', agg: 'avg', window: lastYear, op: '>', value: 100 },
    { metric: 'region', op: '==', value: 'GD' },
  ],
};
const score: Expression = {
  add: [
    { metric: 'spend', agg: 'avgFloor', window: lastYear },
    { max: [{ metric: 'spend', agg: 'last', window: { kind: 'rolling-months', months: 1 } }, { const: 7 }] },
  ],
};
const facts: CustomerFacts = {
  customer: { tenure: 30, region: 'GD', brand: null },
  months: [
    { month: '2025-03-01', values: { spend: 100 } },
    { month: '2025-11-01', values: { spend: 101 } },
    { month: '2025-12-01', values: { spend: null } },
  ],
};
const measured = measure([gold, score], facts, catalogue, asOf);

describe('deciding again from what was measured', () => {
  it('keeps what the rules read, an average as its sum and count, and nothing else', () => {
    expect(measured).toEqual({
      customer: { region: 'GD' },
      aggregates: {
        'sum(spend_fen) 2025-01-01 2026-01-01': 201,
        'count(spend_fen) 2025-01-01 2026-01-01': 2,
        'last(spend_fen) 2026-01-01 2026-02-01': null,
      },
    });
  });

  it('gives what the months gave, explanation and all, also after it was stored', () => {
    const stored = JSON.parse(JSON.stringify(measured)) as MeasuredFacts;
    const decided = compilePredicate(gold, catalogue)(facts, asOf);
    expect(decided).toMatchObject({ holds: true, trace: [{ actual: 100 }, { actual: 'GD' }] });
    expect(compilePredicate(gold, catalogue)(stored, asOf)).toEqual(decided);
    expect(compileExpression(score, catalogue)(stored, asOf)).toBe(107);
  });

  it('does not take for a "no" what was not measured', () => {
    const again = (rule: Condition, day = asOf) => compilePredicate(rule, catalogue)(measured, day);
    expect(() => again({ metric: 'spend', agg: 'max', window: lastYear, op: '>', value: 1 })).toThrow(
      'the facts lack max(spend_fen) 2025-01-01 2026-01-01',
    );
    expect(() => again(gold, '2025-02-01')).toThrow('the facts lack sum(spend_fen) 2024-01-01 2025-01-01');
    expect(() => again({ metric: 'tenure', op: '>', value: 1 })).toThrow('the facts lack customer metric tenure');
  });

  it('measures nothing where a fact is missing', () => {
    const without = { ...facts, customer: {} };
    expect(() => measure([gold], without, catalogue, asOf)).toThrow('the facts lack customer metric region');
  });
});
