import { defineMetrics } from './metric-catalogue.js';
import { render, renderAmount, renderExpression } from './render-rule.js';
import type { Aggregate, Condition, Expression, MetricReference, Window } from './rule.js';

const month = { nullable: true, description: '', source: 'month', type: 'integer' } as const;
const customer = { nullable: true, description: '', source: 'customer' } as const;
const catalogue = defineMetrics([
  { ...month, name: 'spend', column: 'spend_fen', unit: 'fen', label: { en: 'spend', zh: '消费' } },
  { ...month, name: 'calls', column: 'calls', unit: 'times', label: { en: 'calls', zh: '通话次数' } },
  {
    ...customer,
    name: 'tenure',
    column: 'tenure',
    type: 'integer',
    unit: 'months',
    label: { en: 'tenure', zh: '网龄' },
  },
  { ...customer, name: 'sim', column: 'sim', type: 'text', unit: 'none', label: { en: 'SIM kind', zh: 'SIM卡类型' } },
  {
    ...customer,
    name: 'realName',
    column: 'real_name',
    type: 'boolean',
    unit: 'none',
    label: { en: 'real name registered', zh: '实名登记' },
  },
]);
const of = (metric: string, agg: Aggregate, window: Window): MetricReference => ({ metric, agg, window });
const lastYear: Window = { kind: 'calendar-year', offset: -1 };
const rolling = (months: number, skip?: number): Window => ({
  kind: 'rolling-months',
  months,
  ...(skip === undefined ? {} : { skip }),
});
const lastMonth = of('spend', 'last', rolling(1));
const before = of('spend', 'sum', rolling(3, 1));
const yearly = of('spend', 'sum', lastYear);
const tenure: Expression = { metric: 'tenure' };

describe('a condition in words', () => {
  const is = { ...tenure, op: '>=', value: 12 } as const;
  const isData: Condition = { metric: 'sim', op: '==', value: 'DATA' };
  it.each<[Condition, string, string]>([
    [{ ...tenure, op: '==', value: 1 }, 'tenure is 1 month', '网龄等于1个月'],
    [{ ...tenure, op: '!=', value: 12 }, 'tenure is not 12 months', '网龄不等于12个月'],
    [{ ...tenure, op: '<', value: 12 }, 'tenure is below 12 months', '网龄低于12个月'],
    [{ ...tenure, op: '<=', value: 12 }, 'tenure is at most 12 months', '网龄不高于12个月'],
    [{ ...tenure, op: '>', value: 12 }, 'tenure is above 12 months', '网龄高于12个月'],
    [is, 'tenure is at least 12 months', '网龄不低于12个月'],
    [{ ...tenure, op: 'in', value: [12, 24] }, 'tenure is one of 12 months, 24 months', '网龄属于12个月、24个月'],
    [isData, 'SIM kind is “DATA”', 'SIM卡类型为「DATA」'],
    [{ metric: 'sim', op: '!=', value: 'DATA' }, 'SIM kind is not “DATA”', 'SIM卡类型不为「DATA」'],
    [
      { metric: 'sim', op: 'in', value: ['DATA', 'IOT'] },
      'SIM kind is one of “DATA”, “IOT”',
      'SIM卡类型属于「DATA」、「IOT」',
    ],
    [{ metric: 'realName', op: '==', value: true }, 'real name registered is yes', '实名登记为是'],
    [{ metric: 'realName', op: '!=', value: false }, 'real name registered is not no', '实名登记不为否'],
    [{ not: isData }, 'not (SIM kind is “DATA”)', '并非（SIM卡类型为「DATA」）'],
    [
      { all: [is, { any: [isData, { not: isData }] }] },
      'tenure is at least 12 months and (SIM kind is “DATA” or not (SIM kind is “DATA”))',
      '网龄不低于12个月且（SIM卡类型为「DATA」或并非（SIM卡类型为「DATA」））',
    ],
    [
      { any: [{ all: [is] }, isData] },
      'tenure is at least 12 months or SIM kind is “DATA”',
      '网龄不低于12个月或SIM卡类型为「DATA」',
    ],
    [
      { not: { expr: { mul: [lastMonth, 6] }, op: '<=', value: before } },
      'not (spend of the last full month × 6 is at most total spend over the 3 full months before the last full month)',
      '并非（上一整月消费 × 6不高于最近1个整月之前的3个整月消费合计）',
    ],
    [
      { expr: { add: [lastMonth, { const: 100 }] }, op: '<', value: { sub: [yearly, before] } },
      'spend of the last full month + 1 yuan is below total spend over the last calendar year − total spend over the 3 full months before the last full month',
      '上一整月消费 + 1元低于上一自然年消费合计 − 最近1个整月之前的3个整月消费合计',
    ],
    [
      { expr: { divFloor: [yearly, 100] }, op: '>=', value: 4_000 },
      'total spend over the last calendar year in whole yuan is at least 4,000',
      '上一自然年消费合计（元，取整）不低于4,000',
    ],
  ])('%j', (condition, en, zh) => {
    expect(render(condition, catalogue, 'en')).toBe(en);
    expect(render(condition, catalogue, 'zh')).toBe(zh);
  });
});

describe('an expression in words', () => {
  const grown: Expression = {
    case: [
      { when: { ...tenure, op: '>=', value: 36 }, then: { const: 200 } },
      { when: { ...tenure, op: '>=', value: 12 }, then: { const: 100 } },
    ],
    else: { const: 0 },
  };
  it.each<[Expression, string, string]>([
    [{ const: -7 }, '−7', '−7'],
    [tenure, 'tenure', '网龄'],
    [{ add: [tenure, { const: 6 }] }, 'tenure + 6 months', '网龄 + 6个月'],
    [{ add: [{ add: [tenure, { const: 6 }] }, { const: 1 }] }, 'tenure + 6 months + 1 month', '网龄 + 6个月 + 1个月'],
    [{ sub: [tenure, { const: 6 }] }, 'tenure − 6 months', '网龄 − 6个月'],
    [{ sub: [tenure, { sub: [tenure, { const: 6 }] }] }, 'tenure − (tenure − 6 months)', '网龄 − （网龄 − 6个月）'],
    [{ mul: [{ add: [tenure, { const: 6 }] }, -2] }, '(tenure + 6 months) × −2', '（网龄 + 6个月） × −2'],
    [{ divFloor: [{ sub: [tenure, { const: 6 }] }, 12] }, '⌊(tenure − 6 months) ÷ 12⌋', '⌊（网龄 − 6个月） ÷ 12⌋'],
    [{ min: [tenure, { const: 24 }] }, 'the lowest of (tenure, 24 months)', '最小值（网龄、24个月）'],
    [{ max: [tenure, { const: 0 }] }, 'the highest of (tenure, 0 months)', '最大值（网龄、0个月）'],
    [{ max: [tenure] }, 'tenure', '网龄'],
    [
      grown,
      '200 if tenure is at least 36 months; 100 if tenure is at least 12 months; otherwise 0',
      '若网龄不低于36个月则为200；若网龄不低于12个月则为100；否则为0',
    ],
    [
      {
        sub: [
          { add: [{ divFloor: [yearly, 100] }, grown] },
          { mul: [{ min: [of('calls', 'max', lastYear), { const: 5 }] }, 100] },
        ],
      },
      'total spend over the last calendar year in whole yuan + (200 if tenure is at least 36 months; 100 if tenure is at least 12 months; otherwise 0)' +
        ' − the lowest of (highest monthly calls over the last calendar year, 5) × 100',
      '上一自然年消费合计（元，取整） + （若网龄不低于36个月则为200；若网龄不低于12个月则为100；否则为0） − 最小值（上一自然年最高月通话次数、5） × 100',
    ],
    [
      { divFloor: [{ add: [yearly, { const: 50 }] }, 100] },
      '(total spend over the last calendar year + 0.50 yuan) in whole yuan',
      '（上一自然年消费合计 + 0.50元）（元，取整）',
    ],
    [
      { divFloor: [before, 3] },
      '⌊total spend over the 3 full months before the last full month ÷ 3⌋',
      '⌊最近1个整月之前的3个整月消费合计 ÷ 3⌋',
    ],
  ])('%j', (expression, en, zh) => {
    expect(renderExpression(expression, catalogue, 'en')).toBe(en);
    expect(renderExpression(expression, catalogue, 'zh')).toBe(zh);
  });

  it.each<[MetricReference, string, string]>([
    [of('spend', 'sum', rolling(12)), 'total spend over the last 12 full months', '最近12个整月消费合计'],
    [of('spend', 'sum', rolling(1)), 'spend of the last full month', '上一整月消费'],
    [
      of('spend', 'sum', rolling(1, 1)),
      'total spend over the full month before the last full month',
      '最近1个整月之前的1个整月消费合计',
    ],
    [of('spend', 'avg', lastYear), 'average monthly spend over the last calendar year', '上一自然年月均消费'],
    [
      of('spend', 'avgFloor', { kind: 'calendar-year' }),
      'average monthly spend (rounded down) over this calendar year so far',
      '本自然年至今月均消费（取整）',
    ],
    [
      of('spend', 'min', { kind: 'points-year', offset: -1 }),
      'lowest monthly spend over the last points year (Dec–Nov)',
      '上一积分年度最低月消费',
    ],
    [
      of('spend', 'max', { kind: 'points-year' }),
      'highest monthly spend over this points year (Dec–Nov) so far',
      '本积分年度至今最高月消费',
    ],
    [
      of('spend', 'last', { kind: 'anniversary-year', offset: -1 }),
      'latest monthly spend over the last anniversary year',
      '上一入网周年最近一月消费',
    ],
    [
      of('calls', 'count', { kind: 'anniversary-year' }),
      'number of months with calls over this anniversary year so far',
      '本入网周年至今有通话次数的月数',
    ],
  ])('%j', (reference, en, zh) => {
    expect(renderExpression(reference, catalogue, 'en')).toBe(en);
    expect(renderExpression(reference, catalogue, 'zh')).toBe(zh);
  });

  it('counts months in months, whatever the metric is measured in', () => {
    const active: Condition = { ...of('calls', 'count', { kind: 'points-year' }), op: '>=', value: 3 };
    expect(render(active, catalogue, 'en')).toBe(
      'number of months with calls over this points year (Dec–Nov) so far is at least 3 months',
    );
    expect(render(active, catalogue, 'zh')).toBe('本积分年度至今有通话次数的月数不低于3个月');
  });
});

describe('an amount in words', () => {
  it.each([
    [12_050, 'fen', '120.50 yuan', '120.50元'],
    [-5, 'fen', '−0.05 yuan', '−0.05元'],
    [123_456_700, 'fen', '1,234,567 yuan', '1,234,567元'],
    [1, 'months', '1 month', '1个月'],
    [-1, 'points', '−1 point', '−1分'],
    [0, 'days', '0 days', '0天'],
    [1_024, 'KB', '1,024 KB', '1,024KB'],
    [3, 'times', '3 times', '3次'],
    [4_000, 'none', '4,000', '4,000'],
  ] as const)('%d %s', (value, unit, en, zh) => {
    expect(renderAmount(value, unit, 'en')).toBe(en);
    expect(renderAmount(value, unit, 'zh')).toBe(zh);
  });
});
