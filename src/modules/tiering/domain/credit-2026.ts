import type { Expression } from '../../../platform/rules/index.js';
import { freeMovement, type Grant, type Level, type RuleSetBody } from './rule-set.js';

const year = { kind: 'rolling-months', months: 12 } as const;

/** Whoever has settled no bill yet counts as paying half of them on time. */
const punctuality: Expression = {
  case: [{ when: { metric: 'settledBills', op: '==', value: 0 }, then: { const: 200 } }],
  else: { mul: [{ metric: 'onTimePercent' }, 4] },
};
const tenure: Expression = { mul: [{ min: [{ metric: 'tenureMonths' }, { const: 100 }] }, 2] };
/** The newest bill may be open and not due. */
const openMonths: Expression = { max: [{ sub: [{ metric: 'unsettledMonths' }, { const: 1 }] }, { const: 0 }] };
const arrearsCount: Expression = { mul: [{ min: [openMonths, { const: 4 }] }, 50] };
const arrearsAmount: Expression = {
  case: [
    { when: { metric: 'overdueBillsFen', op: '>=', value: 50_000 }, then: { const: 200 } },
    { when: { metric: 'overdueBillsFen', op: '>=', value: 10_000 }, then: { const: 100 } },
    { when: { metric: 'overdueBillsFen', op: '>', value: 0 }, then: { const: 50 } },
  ],
  else: { const: 0 },
};
const suspensionsOfYear: Expression = {
  add: [
    { metric: 'oneWaySuspensions', agg: 'sum', window: year },
    { metric: 'twoWaySuspensions', agg: 'sum', window: year },
  ],
};
const suspensions: Expression = { mul: [{ min: [suspensionsOfYear, { const: 5 }] }, 40] };
const badDebts: Expression = { mul: [{ min: [{ metric: 'writtenOffBills' }, { const: 2 }] }, 200] };

const stopDelay = (days: number): Grant => ({
  code: 'STOP_DELAY',
  label: { en: 'days before service is stopped', zh: '延迟停机天数' },
  unit: 'days',
  value: days,
});
const depositWaiver = (percent: number): Grant => ({
  code: 'DEPOSIT_WAIVER_PERCENT',
  label: { en: 'percent of a deposit waived', zh: '押金减免（%）' },
  unit: 'none',
  value: percent,
});
const grade = (tier: string, zh: string, days: number, percent: number): Level => ({
  tier,
  label: { en: `Credit ${tier}`, zh },
  grants: [stopDelay(days), depositWaiver(percent)],
});

/**
 * Credit of customers (客户信誉度评定, CUS-22): 400, up to 400 more for bills settled on time and 200 for tenure, less what is taken for
 * arrears (how many, how much), suspensions and bad debts. A fraud case gives the lowest grade. All figures are defaults of this product.
 */
export const credit2026: RuleSetBody = {
  levels: [
    grade('A', '信誉度A级', 30, 100),
    grade('B', '信誉度B级', 15, 50),
    grade('C', '信誉度C级', 7, 0),
    grade('D', '信誉度D级', 3, 0),
    grade('E', '信誉度E级', 0, 0),
  ],
  inputs: [
    {
      code: 'PUNCTUALITY',
      label: { en: 'for bills settled on time', zh: '按时缴费得分' },
      unit: 'none',
      value: punctuality,
    },
    { code: 'TENURE', label: { en: 'for tenure', zh: '网龄得分' }, unit: 'none', value: tenure },
    {
      code: 'ARREARS_COUNT',
      label: { en: 'taken for open bills', zh: '欠费次数扣分' },
      unit: 'none',
      value: arrearsCount,
    },
    {
      code: 'ARREARS_AMOUNT',
      label: { en: 'taken for what is overdue', zh: '欠费金额扣分' },
      unit: 'none',
      value: arrearsAmount,
    },
    { code: 'SUSPENSIONS', label: { en: 'taken for suspensions', zh: '停机扣分' }, unit: 'none', value: suspensions },
    { code: 'BAD_DEBTS', label: { en: 'taken for bad debts', zh: '坏帐扣分' }, unit: 'none', value: badDebts },
    {
      code: 'FRAUD_CASES',
      label: { en: 'fraud cases', zh: '欺诈记录' },
      unit: 'times',
      value: { metric: 'fraudCases' },
    },
  ],
  requirements: [],
  exclusions: [
    {
      code: 'FRAUD',
      label: { en: 'named in a fraud case', zh: '有欺诈记录' },
      condition: { metric: 'fraudCases', op: '>', value: 0 },
    },
  ],
  routes: [
    {
      code: 'CREDIT_SCORE',
      label: { en: 'credit score', zh: '信誉度得分' },
      unit: 'none',
      measure: {
        sub: [
          { add: [{ const: 400 }, punctuality, tenure] },
          { add: [arrearsCount, arrearsAmount, suspensions, badDebts] },
        ],
      },
      thresholds: [
        { tier: 'A', atLeast: 850 },
        { tier: 'B', atLeast: 700 },
        { tier: 'C', atLeast: 500 },
        { tier: 'D', atLeast: 300 },
      ],
    },
  ],
  review: { month: 2, day: 1 },
  movement: freeMovement,
};
