import { defineMetrics } from './metric-catalogue.js';
import { render, renderAmount, renderExpression } from './render-rule.js';
import type { Condition, Expression } from './rule.js';

const about = { nullable: true, description: '', source: 'month', type: 'integer' } as const;
const catalogue = defineMetrics([
  { ...about, name: 'spend', column: 'spend_fen', unit: 'fen', label: { en: 'spend', zh: '消费' } },
  { ...about, name: 'calls', column: 'calls', unit: 'times', label: { en: 'calls', zh: '通话' } },
]);
const lastMonth: Expression = { metric: 'spend', agg: 'last', window: { kind: 'rolling-months', months: 1 } };
const before: Expression = { metric: 'spend', agg: 'sum', window: { kind: 'rolling-months', months: 3, skip: 1 } };

describe('a rule in words', () => {
  it('tells a fall in spend', () => {
    const fell: Condition = { not: { expr: { mul: [lastMonth, 6] }, op: '<=', value: before } };
    expect(render(fell, catalogue, 'en')).toBe(
      'not (spend of the last full month × 6 is at most total spend over the 3 full months before the last full month)',
    );
    expect(render(fell, catalogue, 'zh')).toBe('并非（上一整月消费 × 6不高于最近1个整月之前的3个整月消费合计）');
  });

  it('tells a score, its constants in the unit of its metrics', () => {
    const score: Expression = {
      case: [{ when: { ...lastMonth, op: '<', value: 50 }, then: { const: 0 } }],
      else: { max: [{ sub: [{ divFloor: [before, 3] }, { const: 10_000 }] }, lastMonth] },
    };
    expect(renderExpression(score, catalogue, 'en')).toBe(
      '(0 yuan if spend of the last full month is below 0.50 yuan; otherwise the highest of ' +
        '((⌊total spend over the 3 full months before the last full month ÷ 3⌋ − 100 yuan), spend of the last full month))',
    );
  });

  it('counts months in months, whatever the metric is measured in', () => {
    const active: Condition = { metric: 'calls', agg: 'count', window: { kind: 'points-year' }, op: '>=', value: 3 };
    expect(render(active, catalogue, 'en')).toBe(
      'months with calls over this points year (Dec–Nov) so far is at least 3 months',
    );
    expect(render(active, catalogue, 'zh')).toBe('本积分年度至今有通话的月数不低于3个月');
  });

  it('tells an anniversary year', () => {
    const spend = (offset: 0 | -1): Expression => ({
      metric: 'spend',
      agg: 'sum',
      window: { kind: 'anniversary-year', offset },
    });
    expect(renderExpression(spend(-1), catalogue, 'en')).toBe('total spend over the last anniversary year');
    expect(renderExpression(spend(-1), catalogue, 'zh')).toBe('上一入网周年消费合计');
    expect(renderExpression(spend(0), catalogue, 'en')).toBe('total spend over this anniversary year so far');
    expect(renderExpression(spend(0), catalogue, 'zh')).toBe('本入网周年至今消费合计');
  });

  it.each([
    [12_050, '120.50 yuan', '120.50元'],
    [-5, '−0.05 yuan', '−0.05元'],
    [123_456_700, '1,234,567 yuan', '1,234,567元'],
  ])('shows %d fen as %s', (fen, en, zh) => {
    expect(renderAmount(fen, 'fen', 'en')).toBe(en);
    expect(renderAmount(fen, 'fen', 'zh')).toBe(zh);
  });
});
