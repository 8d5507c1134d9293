import type { Expression } from '../../../platform/rules/index.js';
import { gotone2026 } from './gotone-2026.js';
import { freeMovement, type RuleSetBody } from './rule-set.js';

const quarter = { kind: 'rolling-months', months: 3 } as const;
const quarterBefore = { kind: 'rolling-months', months: 3, skip: 3 } as const;

const arpu: Expression = { max: [{ metric: 'netSpendFen', agg: 'avgFloor', window: quarter }, { const: 0 }] };
const earlierArpu: Expression = {
  max: [{ metric: 'netSpendFen', agg: 'avgFloor', window: quarterBefore }, { const: 0 }],
};
/** What a month must bring for the lowest card level: a twelfth of 800 yuan, in fen. */
const monthOfLevel = 6_667;

/**
 * Who may become a valuable customer (潜在高价值客户, CUS-20): holds no card level, spends at least 80% of what the lowest asks for, and
 * more than in the three months before. The figures are defaults of this product.
 */
export const potential2026: RuleSetBody = {
  levels: [
    { tier: 'STRONG', label: { en: 'Strong potential', zh: '高潜力' } },
    { tier: 'LIKELY', label: { en: 'Potential', zh: '有潜力' } },
    { tier: 'NONE', label: { en: 'No potential found', zh: '未发现潜力' } },
  ],
  inputs: [
    { code: 'ARPU', label: { en: 'mean spend of three months', zh: '近三个月ARPU' }, unit: 'fen', value: arpu },
    {
      code: 'EARLIER_ARPU',
      label: { en: 'of the three months before', zh: '此前三个月ARPU' },
      unit: 'fen',
      value: earlierArpu,
    },
  ],
  requirements: [
    {
      code: 'NO_LEVEL_YET',
      label: { en: 'holds no card level', zh: '尚未成为VIP' },
      condition: { metric: 'tierRank', op: '==', value: 0 },
    },
    {
      code: 'RISING',
      label: { en: 'spends more than in the three months before', zh: '消费上升' },
      condition: { expr: arpu, op: '>', value: earlierArpu },
    },
  ],
  exclusions: gotone2026.exclusions,
  routes: [
    {
      code: 'PERCENT_OF_LEVEL',
      label: { en: 'percent of what the lowest level asks for', zh: '达最低级别标准的百分比' },
      unit: 'none',
      measure: { divFloor: [{ mul: [arpu, 100] }, monthOfLevel] },
      thresholds: [
        { tier: 'STRONG', atLeast: 100 },
        { tier: 'LIKELY', atLeast: 80 },
      ],
    },
  ],
  review: { month: 2, day: 1 },
  movement: { ...freeMovement, guard: { percent: 100, from: 1 } },
};
