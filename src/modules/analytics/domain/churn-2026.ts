import type { Condition, Expression, Label, MetricReference } from '../../../platform/rules/index.js';
import type { ChurnFlag, ChurnRuleSetBody, Evidence } from './churn-rule-set.js';

/** The last full month. */
const lastMonth = (metric: string): MetricReference => ({
  metric,
  agg: 'sum',
  window: { kind: 'rolling-months', months: 1 },
});
/** The `months` full months before the last one. */
const before = (metric: string, months: number): MetricReference => ({
  metric,
  agg: 'sum',
  window: { kind: 'rolling-months', months, skip: 1 },
});
const inMonths = (metric: string, months: number): MetricReference => ({
  metric,
  agg: 'sum',
  window: { kind: 'rolling-months', months },
});
const threeFullMonthsBefore: Condition = {
  metric: 'netSpendFen',
  agg: 'count',
  window: { kind: 'rolling-months', months: 3, skip: 1 },
  op: '==',
  value: 3,
};
/** The last month is at most `percent` of the mean of the three before, without dividing: m ≤ p/100 × s/3. */
const fellTo = (percent: number, metric: string): Condition => ({
  all: [
    threeFullMonthsBefore,
    { ...before(metric, 3), op: '>', value: 0 },
    { expr: { mul: [lastMonth(metric), 300] }, op: '<=', value: { mul: [before(metric, 3), percent] } },
  ],
});
const voiceSec: Expression = { add: [lastMonth('voiceMoSec'), lastMonth('voiceMtSec')] };
const suspensions = (months: number): Expression => ({
  add: [inMonths('oneWaySuspensions', months), inMonths('twoWaySuspensions', months)],
});
/** A package that is known in both of the last two months: max of one month is its value. */
const packageFee = (skip: number): MetricReference => ({
  metric: 'packageFeeFen',
  agg: 'max',
  window: { kind: 'rolling-months', months: 1, skip },
});

const shows = (code: string, label: Label, unit: Evidence['unit'], value: Expression): Evidence => ({
  code,
  label,
  unit,
  value,
});
const spendNow = shows('SPEND', { en: 'net spend of last month', zh: '上月消费' }, 'fen', lastMonth('netSpendFen'));
const spendBefore = shows('SPEND_BEFORE', { en: 'mean of the three months before', zh: '此前三月均值' }, 'fen', {
  divFloor: [before('netSpendFen', 3), 3],
});

const counted = (
  code: string,
  label: Label,
  { metric, months, atLeast, weight }: { metric: string; months: number; atLeast: number; weight: number },
): ChurnFlag => ({
  code,
  label,
  degrees: [{ weight, when: { ...inMonths(metric, months), op: '>=', value: atLeast } }],
  evidence: [shows('TIMES', { en: 'times', zh: '次数' }, 'times', inMonths(metric, months))],
});

/**
 * The churn flags that are shipped (DOMAIN.md §2.6), as far as facts of months can tell them; "30 days" is the last full
 * month, "90 days" the last three. Defaults of this product; a change is another version in another file.
 */
export const churn2026: ChurnRuleSetBody = {
  flags: [
    {
      code: 'TRIPLE_ZERO',
      label: { en: 'no calls, texts or data for a month', zh: '三零' },
      degrees: [
        {
          weight: 45,
          when: {
            all: [
              { expr: { add: [voiceSec, lastMonth('sms'), lastMonth('dataKb')] }, op: '==', value: 0 },
              { ...before('netSpendFen', 3), op: '>', value: 0 },
            ],
          },
        },
      ],
      evidence: [spendBefore],
    },
    {
      // Who never called nor surfed has not stopped.
      code: 'DOUBLE_ZERO',
      label: { en: 'no calls and no data for a month', zh: '双零' },
      degrees: [
        {
          weight: 35,
          when: {
            all: [
              { expr: { add: [voiceSec, lastMonth('dataKb')] }, op: '==', value: 0 },
              {
                expr: { add: [before('voiceMoSec', 3), before('voiceMtSec', 3), before('dataKb', 3)] },
                op: '>',
                value: 0,
              },
            ],
          },
        },
      ],
      evidence: [shows('SMS', { en: 'texts of last month', zh: '上月短信' }, 'times', lastMonth('sms'))],
    },
    {
      code: 'SPEND_DROP',
      label: { en: 'spend has fallen', zh: '话费突降' },
      degrees: [
        { weight: 25, when: fellTo(50, 'netSpendFen') },
        { weight: 12, when: fellTo(70, 'netSpendFen') },
      ],
      evidence: [spendNow, spendBefore],
    },
    {
      code: 'DATA_DROP',
      label: { en: 'data use has fallen', zh: '流量骤降' },
      degrees: [
        {
          weight: 10,
          when: {
            all: [
              { ...before('dataKb', 1), op: '>', value: 0 },
              { expr: { mul: [lastMonth('dataKb'), 100] }, op: '<=', value: { mul: [before('dataKb', 1), 60] } },
            ],
          },
        },
      ],
      evidence: [
        shows('DATA', { en: 'data of last month', zh: '上月流量' }, 'KB', lastMonth('dataKb')),
        shows('DATA_BEFORE', { en: 'data of the month before', zh: '前月流量' }, 'KB', before('dataKb', 1)),
      ],
    },
    {
      code: 'CALL_DROP',
      label: { en: 'calls have fallen', zh: '通话次数下降' },
      degrees: [{ weight: 12, when: fellTo(50, 'calls') }],
      evidence: [
        shows('CALLS', { en: 'calls of last month', zh: '上月通话次数' }, 'times', lastMonth('calls')),
        shows('CALLS_BEFORE', { en: 'mean of the three months before', zh: '此前三月均值' }, 'times', {
          divFloor: [before('calls', 3), 3],
        }),
      ],
    },
    {
      // Months know forwarded calls and all calls, not incoming ones alone: more than 30% of all is more than 30% of them.
      code: 'FORWARD_OFFNET',
      label: { en: 'calls are forwarded away', zh: '呼转异网' },
      degrees: [
        {
          weight: 30,
          when: {
            all: [
              { ...lastMonth('forwardedCalls'), op: '>', value: 0 },
              { expr: { mul: [lastMonth('forwardedCalls'), 100] }, op: '>', value: { mul: [lastMonth('calls'), 30] } },
            ],
          },
        },
      ],
      evidence: [
        shows('FORWARDED', { en: 'forwarded calls', zh: '呼转次数' }, 'times', lastMonth('forwardedCalls')),
        shows('CALLS', { en: 'calls of last month', zh: '上月通话次数' }, 'times', lastMonth('calls')),
      ],
    },
    counted('RIVAL_HOTLINE', { en: "called a competitor's hotline", zh: '拨打竞争对手客服热线' }, {
      metric: 'rivalHotlineCalls', months: 1, atLeast: 2, weight: 20,
    }), // prettier-ignore
    counted('MNP_QUERY', { en: 'asked whether the number can be ported', zh: '携转查询' }, {
      metric: 'mnpQueries', months: 1, atLeast: 1, weight: 35,
    }), // prettier-ignore
    counted('MNP_CODE', { en: 'asked for a porting code', zh: '申请授权码' }, {
      metric: 'mnpCodes', months: 3, atLeast: 1, weight: 60,
    }), // prettier-ignore
    {
      code: 'SUSPEND',
      label: { en: 'service was suspended', zh: '停机' },
      degrees: [
        { weight: 20, when: { expr: suspensions(12), op: '>=', value: 3 } },
        { weight: 8, when: { expr: suspensions(3), op: '>=', value: 1 } },
      ],
      evidence: [
        shows('IN_3_MONTHS', { en: 'suspensions in three months', zh: '近三月停机次数' }, 'times', suspensions(3)),
        shows('IN_12_MONTHS', { en: 'suspensions in twelve months', zh: '近一年停机次数' }, 'times', suspensions(12)),
      ],
    },
    {
      code: 'ARREARS',
      label: { en: 'a bill is long overdue', zh: '欠费' },
      degrees: [
        { weight: 25, when: { metric: 'overdueDays', op: '>', value: 60 } },
        { weight: 15, when: { metric: 'overdueDays', op: '>', value: 30 } },
      ],
      evidence: [shows('OVERDUE', { en: 'days overdue', zh: '欠费天数' }, 'days', { metric: 'overdueDays' })],
    },
    {
      code: 'CONTRACT_END',
      label: { en: 'the contract ends soon', zh: '合约到期' },
      degrees: [
        { weight: 20, when: endsWithin(30) },
        { weight: 10, when: endsWithin(60) },
      ],
      evidence: [
        shows('DAYS_LEFT', { en: 'days left of the contract', zh: '合约剩余天数' }, 'days', {
          metric: 'contractDaysLeft',
        }),
      ],
    },
    {
      code: 'DOWNGRADE',
      label: { en: 'changed to a cheaper package', zh: '降档' },
      degrees: [{ weight: 20, when: { ...packageFee(0), op: '<', value: packageFee(1) } }],
      evidence: [
        shows('FEE', { en: 'package fee of last month', zh: '上月套餐费' }, 'fen', packageFee(0)),
        shows('FEE_BEFORE', { en: 'package fee of the month before', zh: '前月套餐费' }, 'fen', packageFee(1)),
      ],
    },
    counted('BILL_DETAIL_QUERY', { en: 'looks into bill details often', zh: '频繁查详单' }, {
      metric: 'billDetailQueries', months: 1, atLeast: 3, weight: 6,
    }), // prettier-ignore
  ],
  // Mean net spend of the last three full months, twelve times: sum × 12 / 3.
  yearlyRevenueFen: { mul: [inMonths('netSpendFen', 3), 4] },
  bands: { high: 80, medium: 50 },
};

function endsWithin(days: number): Condition {
  return {
    all: [
      { metric: 'contractDaysLeft', op: '>=', value: 0 },
      { metric: 'contractDaysLeft', op: '<=', value: days },
    ],
  };
}
