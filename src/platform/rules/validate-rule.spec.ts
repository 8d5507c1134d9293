import { defineMetrics } from './metric-catalogue.js';
import type { Condition } from './rule.js';
import { conditionFrom, InvalidRule, validateCondition, validateExpression } from './validate-rule.js';

const about = { nullable: false, label: { en: 'x', zh: '甲' }, description: '', unit: 'none' } as const;
const catalogue = defineMetrics([
  { ...about, name: 'spend', column: 'spend_fen', source: 'month', type: 'integer' },
  { ...about, name: 'tenure', column: 'tenure', source: 'customer', type: 'integer' },
  { ...about, name: 'region', column: 'region', source: 'customer', type: 'text' },
  { ...about, name: 'realName', column: 'real_name', source: 'customer', type: 'boolean' },
]);
const window = { kind: 'rolling-months', months: 3 };

const errorsOf = (json: unknown) => {
  const checked = validateCondition(catalogue, json);
  return checked.ok ? [] : checked.errors.map(({ pointer, reason }) => `${pointer}: ${reason}`);
};

describe('checking a rule', () => {
  it('accepts a sound one as it stands', () => {
    const rule = {
      all: [
        { metric: 'spend', agg: 'sum', window, op: '>=', value: 120_000 },
        { not: { metric: 'region', op: 'in', value: ['GD', 'BJ'] } },
        { expr: { mul: [{ metric: 'tenure' }, 2] }, op: '>', value: { add: [{ metric: 'tenure' }, { const: 6 }] } },
      ],
    };
    expect(validateCondition(catalogue, rule)).toEqual({ ok: true, condition: rule });
  });

  it('names every error at once, each at its place', () => {
    expect(
      errorsOf({
        all: [
          { metric: 'spnd', op: '>=', value: 1 },
          { metric: 'spend', op: '>=', value: 1 },
          { metric: 'tenure', op: '=>', value: 'long' },
          { any: [] },
          { metric: 'tenure', agg: 'sum', op: '>', value: 1.5 },
          { metric: 'region', op: '<', value: 'GD' },
          { metric: 'spend', agg: 'sum', window: { kind: 'rolling-months', months: 0 }, op: '<', value: 1, extra: 1 },
        ],
      }),
    ).toEqual([
      '/all/0/metric: unknown metric "spnd"',
      '/all/1/agg: spend has a value per month: agg is needed',
      '/all/1/window: spend has a value per month: window is needed',
      '/all/2/op: must be equal to one of the allowed values: ==,!=,<,<=,>,>=,in',
      '/all/2/value: must be a whole number of at most ±1000000000000',
      '/all/3/any: must NOT have fewer than 1 items',
      '/all/4/agg: tenure has one value per customer: agg has no meaning',
      '/all/4/value: must be a whole number of at most ±1000000000000',
      '/all/5/op: < does not compare text: use ==, !=, in',
      '/all/6: must NOT have additional properties "extra"',
      '/all/6/window/months: must be >= 1',
    ]);
  });

  it.each([
    [null, ': must be an object'],
    [{}, ': must be a condition: one of all, any, not, expr, metric'],
    [{ metric: 'tenure', op: 'in', value: [] }, '/value: must be a list of 1 to 500 values'],
    [{ metric: 'tenure', op: 'in', value: [1, 'a'] }, '/value/1: must be a whole number of at most ±1000000000000'],
    [{ metric: 'realName', op: 'in', value: [true] }, '/op: in does not compare boolean: use ==, !='],
    [{ metric: 'region', op: '=~', value: 'G' }, '/op: must be equal to one of the allowed values: ==,!=,<,<=,>,>=,in'],
    [{ metric: 'realName', op: '==', value: 'yes' }, '/value: must be true or false'],
    [{ metric: 'region', op: '==', value: 'a\u0000b' }, '/value: must be a text of at most 200 characters'],
    [{ metric: 'region', op: '==', value: { metric: 'region' } }, '/value: must be a text of at most 200 characters'],
    [{ expr: { metric: 'region' }, op: '==', value: 1 }, '/expr: text metric where a whole number is needed'],
    [
      { expr: { metric: 'spend', agg: 'avg', window }, op: '==', value: 1 },
      '/expr/agg: avg is not whole inside arithmetic: use avgFloor',
    ],
    [
      { metric: 'spend', agg: 'avg', window, op: 'in', value: [1] },
      '/op: an exact average is not in a list: use avgFloor',
    ],
    [{ metric: 'constructor', op: '==', value: 1 }, '/metric: unknown metric "constructor"'],
    [
      { metric: 'spend', agg: 'sum', window: { kind: 'week' }, op: '<', value: 1 },
      '/window: must have kind rolling-months, calendar-year, points-year or anniversary-year',
    ],
    [{ expr: { divFloor: [{ metric: 'tenure' }, 0] }, op: '<', value: 1 }, '/expr/divFloor/1: must be >= 1'],
  ])('refuses %j', (json, error) => {
    expect(errorsOf(json)).toEqual([error]);
  });

  it('refuses arithmetic that could leave the exact whole numbers', () => {
    const square = { mul: [{ mul: [{ metric: 'tenure' }, 1_000] }, 1_000] };
    const checked = validateExpression(catalogue, square);
    expect(checked).toMatchObject({
      ok: false,
      errors: [{ pointer: '', reason: expect.stringContaining('2^53') as string }],
    });
    expect(validateExpression(catalogue, { divFloor: [square.mul[0], 7] }).ok).toBe(true);
  });

  it('refuses a tree nested too deep or grown too large, before it costs anything', () => {
    const leaf = { metric: 'tenure', op: '>', value: 1 };
    const nested = (levels: number): unknown =>
      Array.from({ length: levels }).reduce((not) => ({ not }), leaf as unknown);
    expect(errorsOf(nested(19))).toEqual([]);
    expect(errorsOf(nested(20))).toEqual([`${'/not'.repeat(20)}: is nested deeper than 20 levels`]);
    expect(errorsOf(nested(50_000))).toHaveLength(1);
    expect(errorsOf({ all: Array.from({ length: 499 }, () => leaf) })).toEqual([]);
    expect(errorsOf({ all: Array.from({ length: 500 }, () => leaf) })).toEqual([': has more than 500 nodes']);
  });

  it('throws a refusal that lists the errors where a caller wants the condition or nothing', () => {
    const refused = () => conditionFrom(catalogue, { not: { metric: 'x', op: '==', value: 1 } });
    expect(refused).toThrow(InvalidRule);
    expect(refused).toThrow(
      expect.objectContaining({ facts: { errors: ['/not/metric: unknown metric "x"'] } }) as Error,
    );
  });

  it('stops at start on a catalogue that could not be trusted', () => {
    const metric = { ...about, name: 'a', column: 'a', source: 'customer', type: 'integer' } as const;
    expect(() => defineMetrics([metric, metric])).toThrow('twice');
    expect(() => defineMetrics([{ ...metric, column: 'a; DROP TABLE a' }])).toThrow('bad column');
  });

  it('hands on the type of what it has checked', () => {
    const condition: Condition = conditionFrom(catalogue, { metric: 'tenure', op: '>', value: 1 });
    expect(condition).toEqual({ metric: 'tenure', op: '>', value: 1 });
  });
});
