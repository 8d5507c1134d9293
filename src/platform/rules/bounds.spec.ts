import { boundsOf } from './bounds.js';
import { defineMetrics } from './metric-catalogue.js';
import type { Aggregate, Expression, Window } from './rule.js';

const about = { label: { en: 'x', zh: '甲' }, description: '', unit: 'none', type: 'integer' } as const;
const catalogue = defineMetrics([
  { ...about, name: 'tenure', column: 'tenure', source: 'customer', nullable: false, smallest: 0, largest: 1_200 },
  { ...about, name: 'credit', column: 'credit', source: 'customer', nullable: true, largest: 900 },
  { ...about, name: 'spend', column: 'spend', source: 'month', nullable: false, smallest: -50, largest: 100 },
  { ...about, name: 'fee', column: 'fee', source: 'month', nullable: false, smallest: 10, largest: 100 },
]);
const lastYear: Window = { kind: 'calendar-year', offset: -1 };
const spend = (agg: Aggregate, window: Window = lastYear): Expression => ({ metric: 'spend', agg, window });
const tenure: Expression = { metric: 'tenure' };
const credit: Expression = { metric: 'credit' };
const known = (min: number, max: number) => ({ min, max, nullable: false });
const perhaps = (min: number, max: number) => ({ min, max, nullable: true });

describe('the values that an expression can have', () => {
  it.each<[string, Expression, ReturnType<typeof boundsOf>]>([
    ['a constant', { const: -7 }, known(-7, -7)],
    ['a metric with a range', tenure, known(0, 1_200)],
    ['a metric that may be unknown, as far below zero as above', credit, perhaps(-900, 900)],
    ['a sum of twelve months', spend('sum'), known(-600, 1_200)],
    ['a sum of three months', spend('sum', { kind: 'rolling-months', months: 3, skip: 9 }), known(-150, 300)],
    [
      'a sum of a year under way, which has had eleven months',
      spend('sum', { kind: 'points-year' }),
      known(-550, 1_100),
    ],
    ['a sum that no month may have', { metric: 'fee', agg: 'sum', window: lastYear }, known(0, 1_200)],
    ['months counted', spend('count', { kind: 'anniversary-year', offset: -1 }), known(0, 12)],
    ['the highest month, when there is one', spend('max'), perhaps(-50, 100)],
    ['the mean of months', spend('avgFloor'), perhaps(-50, 100)],
    ['add', { add: [tenure, credit, { const: 1 }] }, perhaps(-899, 2_101)],
    ['sub', { sub: [tenure, spend('count')] }, known(-12, 1_200)],
    ['mul by less than nothing', { mul: [spend('sum'), -2] }, known(-2_400, 1_200)],
    ['mul by nothing', { mul: [spend('sum'), 0] }, known(0, 0)],
    ['divFloor', { divFloor: [spend('sum'), 7] }, known(-86, 171)],
    ['min of what is known is at most that', { min: [tenure, credit, { const: 5 }] }, known(-900, 5)],
    ['min of what may be unknown', { min: [credit, spend('max')] }, perhaps(-900, 900)],
    ['max with a floor is known', { max: [credit, { const: 0 }] }, known(0, 900)],
    ['max of what may be unknown', { max: [credit, spend('max')] }, perhaps(-900, 900)],
    [
      'case',
      { case: [{ when: { metric: 'tenure', op: '>', value: 1 }, then: { const: 300 } }], else: spend('max') },
      perhaps(-50, 300),
    ],
  ])('of %s', (_, expression, bounds) => {
    expect(boundsOf(expression, catalogue)).toEqual(bounds);
  });

  it('are those of declared ranges that make sense', () => {
    const metric = { ...about, name: 'a', column: 'a', source: 'customer', nullable: false } as const;
    expect(() => defineMetrics([{ ...metric, smallest: 2, largest: 1 }])).toThrow('bad smallest 2');
    // The largest is also the largest below zero.
    expect(() => defineMetrics([{ ...metric, smallest: -2, largest: 1 }])).toThrow('bad smallest -2');
  });
});
