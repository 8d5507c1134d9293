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

const leaf = { metric: 'tenure', op: '>', value: 1 };
const nested = (levels: number): unknown => Array.from({ length: levels }).reduce((not) => ({ not }), leaf as unknown);
/** As text: JSON.stringify recurses and would overflow where the check must not. */
const deep = (before: string, json: unknown, after: string): string =>
  before.repeat(10_000) + JSON.stringify(json) + after.repeat(10_000);
const wide = (json: unknown): readonly unknown[] => Array.from({ length: 10_000 }, () => json);

/** Of this process alone, however busy the machine is. */
function millisecondsSince(begun: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1_000;
}

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
      '/all/0/metric: unknown metric "spnd": did you mean spend?',
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
    [
      { expr: { divFloor: [{ metric: 'tenure' }, 0] }, op: '<', value: 1 },
      '/expr/divFloor/1: divides by nothing: the divisor must be a positive whole number',
    ],
  ])('refuses %j', (json, error) => {
    expect(errorsOf(json)).toEqual([error]);
  });

  it.each([
    [0, 'divides by nothing'],
    [null, 'divides by nothing'],
    [-3, 'divides by -3'],
    [0.5, 'divides by 0.5'],
  ])('refuses to divide by %p', (divisor, reason) => {
    expect(errorsOf({ expr: { divFloor: [{ metric: 'tenure' }, divisor] }, op: '<', value: 1 })).toEqual([
      `/expr/divFloor/1: ${reason}: the divisor must be a positive whole number`,
    ]);
  });

  it('refuses to divide when there is no divisor', () => {
    expect(errorsOf({ expr: { divFloor: [{ metric: 'tenure' }] }, op: '<', value: 1 })).toEqual([
      '/expr/divFloor: divides by nothing: the divisor must be a positive whole number',
    ]);
  });

  it.each([
    ['Tenure', ' "Tenure": did you mean tenure?'],
    ['tenur', ' "tenur": did you mean tenure?'],
    ['realname', ' "realname": did you mean realName?'],
    ['netSpend', ' "netSpend"'],
    [7, ''],
  ])('suggests for the metric %p what was probably meant', (metric, said) => {
    expect(errorsOf({ metric, op: '==', value: 1 })).toContain(`/metric: unknown metric${said}`);
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
    expect(errorsOf(nested(19))).toEqual([]);
    expect(errorsOf(nested(20))).toEqual([`${'/not'.repeat(20)}: is nested deeper than 20 levels`]);
    expect(errorsOf({ all: Array.from({ length: 499 }, () => leaf) })).toEqual([]);
    expect(errorsOf({ all: Array.from({ length: 500 }, () => leaf) })).toEqual([
      '/all/499: is one node too many: a rule has at most 500',
    ]);
  });

  const tenure = { metric: 'tenure' };
  it.each<[string, string, string]>([
    [
      '10,000 levels of conditions',
      deep('{"not":', leaf, '}'),
      `${'/not'.repeat(20)}: is nested deeper than 20 levels`,
    ],
    [
      '10,000 levels of expressions',
      `{"expr":${deep('{"max":[', tenure, ']}')},"op":">","value":1}`,
      `/expr${'/max/0'.repeat(19)}: is nested deeper than 20 levels`,
    ],
    [
      'a value of 10,000 lists in lists',
      `{"metric":"tenure","op":"==","value":${deep('[', 1, ']')}}`,
      '/value: must be a whole number of at most ±1000000000000',
    ],
    [
      '10,000 conditions',
      JSON.stringify({ any: wide(leaf) }),
      '/any/499: is one node too many: a rule has at most 500',
    ],
    [
      '10,000 operands',
      JSON.stringify({ expr: { add: wide(tenure) }, op: '>', value: 1 }),
      '/expr/add/498: is one node too many: a rule has at most 500',
    ],
    [
      '100 times 100 conditions',
      JSON.stringify({ any: Array.from({ length: 100 }, () => ({ all: wide(leaf).slice(0, 100) })) }),
      '/any/4/all/94: is one node too many: a rule has at most 500',
    ],
    [
      '10,000 values of a list',
      JSON.stringify({ metric: 'tenure', op: 'in', value: wide(1) }),
      '/value: must be a list of 1 to 500 values',
    ],
  ])('refuses %s at once', (_, text, error) => {
    const begun = process.cpuUsage();
    expect(errorsOf(JSON.parse(text))).toEqual([error]);
    expect(millisecondsSince(begun)).toBeLessThan(50);
  });

  it('tells the first hundred errors of a rule that is nothing but errors, at once', () => {
    const rule = {
      all: Array.from({ length: 499 }, (_, i) => ({ metric: `${'tenur'.repeat(12)}${i}`, op: '~', value: {}, [i]: i })),
    };
    const begun = process.cpuUsage();
    expect(errorsOf(rule)).toHaveLength(100);
    expect(millisecondsSince(begun)).toBeLessThan(50);
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

describe('a rule that asks nothing', () => {
  const months = { ...about, source: 'month', type: 'integer' } as const;
  const inRange = defineMetrics([
    {
      ...months,
      name: 'spend',
      column: 'spend_fen',
      unit: 'fen',
      label: { en: 'net spend', zh: '消费' },
      smallest: 0,
      largest: 1_000_000,
    },
    { ...months, name: 'calls', column: 'calls', label: { en: 'calls', zh: '通话' }, smallest: 0 },
    {
      ...about,
      name: 'tenure',
      column: 'tenure',
      source: 'customer',
      type: 'integer',
      label: { en: 'tenure', zh: '网龄' },
      unit: 'months',
      smallest: 0,
      largest: 1_200,
      nullable: true,
    },
    { ...about, name: 'sim', column: 'sim', source: 'customer', type: 'text' },
    { ...about, name: 'realName', column: 'real_name', source: 'customer', type: 'boolean' },
  ]);
  const lastYear = { kind: 'calendar-year', offset: -1 };
  const spend = { metric: 'spend', agg: 'sum', window: lastYear };
  const tenure = (op: string, value: unknown) => ({ metric: 'tenure', op, value });
  const errors = (json: unknown) => {
    const checked = validateCondition(inRange, json);
    return checked.ok ? [] : checked.errors.map(({ pointer, reason }) => `${pointer}: ${reason}`);
  };

  it.each<[unknown, string]>([
    [
      { ...spend, op: '<', value: 0 },
      ': can never hold: total net spend over the last calendar year is between 0 yuan and 120,000 yuan',
    ],
    [
      { ...spend, op: '>=', value: 0 },
      ': always holds: total net spend over the last calendar year is between 0 yuan and 120,000 yuan',
    ],
    [
      { not: { metric: 'calls', agg: 'count', window: lastYear, op: '>', value: 12 } },
      '/not: can never hold: number of months with calls over the last calendar year is between 0 months and 12 months',
    ],
    [tenure('in', [12, 1_201]), '/value/1: can never be: tenure is between 0 months and 1,200 months'],
    [tenure('in', [12, 24, 12]), '/value/2: is in the list twice'],
    [{ metric: 'sim', op: 'in', value: ['DATA', 'DATA'] }, '/value/1: is in the list twice'],
    [
      { ...spend, op: '<', value: { mul: [spend, -1] } },
      ': can never hold: total net spend over the last calendar year is between 0 yuan and 120,000 yuan, ' +
        'total net spend over the last calendar year × −1 is between −120,000 yuan and 0 yuan',
    ],
    [{ ...spend, op: '<=', value: { mul: [spend, -1] } }, ''],
    [{ all: [tenure('>=', 10), tenure('<', 5)] }, '/all/1: can never hold together with /all/0'],
    [
      {
        all: [
          tenure('>=', 10),
          {
            all: [
              { metric: 'realName', op: '==', value: true },
              { expr: { metric: 'tenure' }, op: '==', value: 9 },
            ],
          },
        ],
      },
      '/all/1/all/1: can never hold together with /all/0',
    ],
    [
      {
        all: [{ metric: 'sim', op: '==', value: 'DATA' }, { not: { metric: 'sim', op: 'in', value: ['DATA', 'IOT'] } }],
      },
      '/all/1/not: can never hold together with /all/0',
    ],
    [
      {
        all: [
          { ...spend, op: '>', value: 9 },
          { ...spend, window: { ...lastYear, offset: 0 }, op: '<', value: 5 },
        ],
      },
      '',
    ],
    [
      {
        any: [
          { ...spend, op: '>', value: 9 },
          { ...spend, op: '<=', value: 9 },
        ],
      },
      '/any/1: one always holds, this or /any/0',
    ],
    // Whose tenure is unknown satisfies neither.
    [{ any: [tenure('>', 9), tenure('<=', 9)] }, ''],
    [
      {
        expr: {
          case: [
            { when: tenure('>=', 12), then: { const: 100 } },
            { when: tenure('>=', 36), then: { const: 200 } },
          ],
          else: { const: 0 },
        },
        op: '>=',
        value: 100,
      },
      '/expr/case/1/when: can never hold here: the branches before it take everybody for whom it would',
    ],
  ])('%j', (json, error) => {
    expect(errors(json)).toEqual(error === '' ? [] : [error]);
  });
});
