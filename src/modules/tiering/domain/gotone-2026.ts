import type { Expression } from '../../../platform/rules/index.js';
import type { RuleSetBody } from './rule-set.js';

const lastYear = { kind: 'calendar-year', offset: -1 } as const;

const spendInYuan: Expression = {
  divFloor: [{ metric: 'netSpendFen', agg: 'sum', window: lastYear }, 100],
};
const tenureValue: Expression = {
  case: [
    { when: { metric: 'tenureMonths', op: '>=', value: 120 }, then: { const: 300 } },
    { when: { metric: 'tenureMonths', op: '>=', value: 36 }, then: { const: 200 } },
    { when: { metric: 'tenureMonths', op: '>=', value: 12 }, then: { const: 100 } },
  ],
  else: { const: 0 },
};
const suspensions: Expression = { metric: 'twoWaySuspensions', agg: 'sum', window: lastYear };
const suspensionPenalty: Expression = { mul: [{ min: [suspensions, { const: 5 }] }, 100] };
const packageFee: Expression = {
  metric: 'packageFeeFen',
  agg: 'max', // of one month
  window: { kind: 'rolling-months', months: 1 },
};

/**
 * The rule set that is shipped (DOMAIN.md §2.1; TIER-02): a default of this product, not a figure of the source documents.
 * It has decided about customers: a change is another version in another file.
 */
export const gotone2026: RuleSetBody = {
  levels: [
    { tier: 'DIAMOND', label: { en: 'Diamond', zh: '钻石卡' } },
    { tier: 'PLATINUM', label: { en: 'Platinum', zh: '白金卡' } },
    { tier: 'GOLD', label: { en: 'Gold', zh: '金卡' } },
    { tier: 'SILVER', label: { en: 'Silver', zh: '银卡' } },
    { tier: 'HONOURED_GUEST', label: { en: 'Honoured guest', zh: '贵宾卡' } },
    { tier: 'ORDINARY', label: { en: 'Ordinary', zh: '普通' } },
  ],
  inputs: [
    { code: 'SPEND', label: { en: 'net spend of last year', zh: '上年实际消费' }, unit: 'none', value: spendInYuan },
    { code: 'TENURE_VALUE', label: { en: 'tenure value', zh: '网龄值' }, unit: 'none', value: tenureValue },
    {
      code: 'SUSPENSIONS',
      label: { en: 'two-way suspensions of last year', zh: '上年双停次数' },
      unit: 'times',
      value: suspensions,
    },
    { code: 'TENURE', label: { en: 'tenure', zh: '网龄' }, unit: 'months', value: { metric: 'tenureMonths' } },
  ],
  requirements: [
    {
      code: 'TENURE',
      label: { en: 'in the network for at least a year', zh: '网龄满一年' },
      condition: { metric: 'tenureMonths', op: '>=', value: 12 },
    },
  ],
  exclusions: [
    {
      code: 'DATA_SIM',
      label: { en: 'a data SIM is not rated', zh: '数据卡不参评' },
      condition: { metric: 'simKind', op: '==', value: 'DATA' },
    },
    {
      code: 'SECONDARY_SIM',
      label: { en: 'a secondary SIM is not rated', zh: '副卡不参评' },
      condition: { metric: 'simKind', op: '==', value: 'SECONDARY' },
    },
    {
      code: 'IOT',
      label: { en: 'a machine is not rated', zh: '物联网卡不参评' },
      condition: { metric: 'simKind', op: '==', value: 'IOT' },
    },
  ],
  routes: [
    {
      code: 'GROWTH_VALUE',
      label: { en: 'growth value', zh: '成长值' },
      unit: 'none',
      measure: { sub: [{ add: [spendInYuan, tenureValue] }, suspensionPenalty] },
      thresholds: [
        { tier: 'DIAMOND', atLeast: 4_000 },
        { tier: 'PLATINUM', atLeast: 3_000 },
        { tier: 'GOLD', atLeast: 1_800 },
        { tier: 'SILVER', atLeast: 1_200 },
        { tier: 'HONOURED_GUEST', atLeast: 800 },
      ],
    },
    {
      code: 'PACKAGE',
      label: { en: 'package fee of last month', zh: '上月套餐月费' },
      unit: 'fen',
      measure: packageFee,
      thresholds: [
        { tier: 'DIAMOND', atLeast: 38_800 },
        { tier: 'PLATINUM', atLeast: 23_800 },
        { tier: 'GOLD', atLeast: 12_800 },
        { tier: 'SILVER', atLeast: 8_800 },
      ],
    },
  ],
  review: { month: 2, day: 1 },
};
