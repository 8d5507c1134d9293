import type { Expression, MetricReference } from '../../../platform/rules/index.js';
import { gotone2026 } from './gotone-2026.js';
import { freeMovement, type RuleSetBody } from './rule-set.js';

const year = { kind: 'rolling-months', months: 12 } as const;
const GB = 1_048_576; // in KB

/** 0 to 100 by the range in which a monthly mean lies: [at least, score], highest first. */
function rangeScore(metric: string, ranges: readonly (readonly [atLeast: number, score: number])[]): Expression {
  const mean: MetricReference = { metric, agg: 'avgFloor', window: year };
  return {
    case: ranges.map(([value, score]) => ({ when: { ...mean, op: '>=', value }, then: { const: score } })),
    else: { const: 0 },
  };
}

const spend = rangeScore('netSpendFen', [
  [50_000, 100],
  [30_000, 80],
  [12_000, 60],
  [5_000, 40],
  [1_000, 20],
]);
const data = rangeScore('dataKb', [
  [50 * GB, 100],
  [20 * GB, 80],
  [10 * GB, 60],
  [5 * GB, 40],
  [1 * GB, 20],
]);
const voice = rangeScore('outgoingSeconds', [
  [30_000, 100],
  [12_000, 80],
  [6_000, 60],
  [3_000, 40],
  [600, 20],
]);
const tenure: Expression = { divFloor: [{ mul: [{ min: [{ metric: 'tenureMonths' }, { const: 120 }] }, 100] }, 120] };

/**
 * A value model (客户价值模型, CUS-23): every factor scores 0 to 100 by its ranges and has a weight; the weights come to ten, the sum to
 * 1,000. All figures are defaults of this product.
 */
export const value2026: RuleSetBody = {
  levels: [
    { tier: 'VERY_HIGH', label: { en: 'Very high value', zh: '极高价值' } },
    { tier: 'HIGH', label: { en: 'High value', zh: '高价值' } },
    { tier: 'MEDIUM', label: { en: 'Medium value', zh: '中价值' } },
    { tier: 'LOW', label: { en: 'Low value', zh: '低价值' } },
  ],
  inputs: [
    { code: 'SPEND', label: { en: 'score of spend, weight 5', zh: '消费得分（权重5）' }, unit: 'none', value: spend },
    {
      code: 'TENURE',
      label: { en: 'score of tenure, weight 2', zh: '网龄得分（权重2）' },
      unit: 'none',
      value: tenure,
    },
    { code: 'DATA', label: { en: 'score of data, weight 2', zh: '流量得分（权重2）' }, unit: 'none', value: data },
    { code: 'VOICE', label: { en: 'score of calls, weight 1', zh: '语音得分（权重1）' }, unit: 'none', value: voice },
  ],
  requirements: [],
  exclusions: gotone2026.exclusions,
  routes: [
    {
      code: 'VALUE_SCORE',
      label: { en: 'value score', zh: '价值得分' },
      unit: 'none',
      measure: { add: [{ mul: [spend, 5] }, { mul: [tenure, 2] }, { mul: [data, 2] }, voice] },
      thresholds: [
        { tier: 'VERY_HIGH', atLeast: 800 },
        { tier: 'HIGH', atLeast: 600 },
        { tier: 'MEDIUM', atLeast: 350 },
      ],
    },
  ],
  review: { month: 2, day: 1 },
  movement: { ...freeMovement, guard: { percent: 100, from: 1 } },
};
