import type { Condition, Expression } from '../../../platform/rules/index.js';
import { freeMovement, type RuleSetBody } from './rule-set.js';

const quarter = { kind: 'rolling-months', months: 3 } as const;

const arpu: Expression = { max: [{ metric: 'netSpendFen', agg: 'avgFloor', window: quarter }, { const: 0 }] };
const mou: Expression = { max: [{ metric: 'outgoingSeconds', agg: 'avgFloor', window: quarter }, { const: 0 }] };
const isGroup: Condition = { metric: 'customerKind', op: '==', value: 'group' };
const only = (when: Condition, then: Expression): Expression => ({ case: [{ when, then }], else: { const: 0 } });

/**
 * Customers by spending power, value and type (客户分类, CUS-19). Middle and high end is DOMAIN.md §2.4: 120 yuan and 100 minutes
 * called a month; the other figures are defaults of this product.
 */
export const class2026: RuleSetBody = {
  levels: [
    { tier: 'KEY_GROUP', label: { en: 'Key group', zh: '重点集团客户' } },
    { tier: 'GROUP', label: { en: 'Group', zh: '集团客户' } },
    { tier: 'HIGH_END', label: { en: 'High end', zh: '高端客户' } },
    { tier: 'MID_HIGH_END', label: { en: 'Middle and high end', zh: '中高端客户' } },
    { tier: 'MIDDLE', label: { en: 'Middle', zh: '中端客户' } },
    { tier: 'MASS', label: { en: 'Mass market', zh: '大众客户' } },
  ],
  inputs: [
    { code: 'ARPU', label: { en: 'mean spend of three months', zh: '近三个月ARPU' }, unit: 'fen', value: arpu },
    { code: 'MOU', label: { en: 'called a month, mean of three', zh: '近三个月主叫MOU' }, unit: 'seconds', value: mou },
  ],
  requirements: [],
  exclusions: [
    {
      code: 'IOT',
      label: { en: 'a machine is not classified', zh: '物联网卡不分类' },
      condition: { metric: 'simKind', op: '==', value: 'IOT' },
    },
  ],
  routes: [
    {
      code: 'TYPE',
      label: { en: 'is a group', zh: '客户类型为集团' },
      unit: 'none',
      measure: only(isGroup, { const: 1 }),
      thresholds: [{ tier: 'GROUP', atLeast: 1 }],
    },
    {
      code: 'GROUP_VALUE',
      label: { en: 'mean spend of a group', zh: '集团月均消费' },
      unit: 'fen',
      measure: only(isGroup, arpu),
      thresholds: [{ tier: 'KEY_GROUP', atLeast: 1_000_000 }],
    },
    {
      code: 'SPENDING_POWER',
      label: { en: 'mean spend', zh: '消费能力' },
      unit: 'fen',
      measure: arpu,
      thresholds: [
        { tier: 'HIGH_END', atLeast: 30_000 },
        { tier: 'MIDDLE', atLeast: 5_000 },
      ],
    },
    {
      code: 'VALUE',
      label: { en: 'mean spend of who calls 100 minutes', zh: '客户价值（主叫满100分钟）' },
      unit: 'fen',
      measure: only({ expr: mou, op: '>=', value: 6_000 }, arpu),
      thresholds: [{ tier: 'MID_HIGH_END', atLeast: 12_000 }],
    },
  ],
  review: { month: 2, day: 1 },
  // Classes follow the spend of a quarter: any number may move.
  movement: { ...freeMovement, guard: { percent: 100, from: 1 } },
};
