import type { Expression } from '../../../platform/rules/index.js';
import { gotone2026 } from './gotone-2026.js';
import type { Grant, Level, RuleSetBody } from './rule-set.js';

const halfYear = { kind: 'rolling-months', months: 6 } as const;
const year = { kind: 'rolling-months', months: 12 } as const;

const meanSpend: Expression = { max: [{ metric: 'netSpendFen', agg: 'avgFloor', window: halfYear }, { const: 0 }] };
const spendScore: Expression = { divFloor: [meanSpend, 10] }; // ten for a yuan
const tenureScore: Expression = { mul: [{ min: [{ metric: 'tenureMonths' }, { const: 120 }] }, 5] };
const contractScore: Expression = {
  case: [{ when: { metric: 'contractMonthsLeft', op: '>=', value: 6 }, then: { const: 100 } }],
  else: { const: 0 },
};
const suspensions: Expression = { metric: 'twoWaySuspensions', agg: 'sum', window: year };
const suspensionPenalty: Expression = { mul: [{ min: [suspensions, { const: 5 }] }, 100] };
const score: Expression = { sub: [{ add: [spendScore, tenureScore, contractScore] }, suspensionPenalty] };

const fourStarsFrom = 1_500;
const cappedScore: Expression = {
  case: [
    {
      when: { metric: 'twoWaySuspensions', agg: 'sum', window: year, op: '>=', value: 3 },
      then: { min: [score, { const: fourStarsFrom - 1 }] },
    },
  ],
  else: score,
};

const overdraft = (value: number): Grant => ({
  code: 'OVERDRAFT',
  label: { en: 'credit before service is stopped', zh: '话费透支额度' },
  unit: 'fen',
  value,
});
const stopDelay: Grant = {
  code: 'STOP_DELAY',
  label: { en: 'days before service is stopped', zh: '延迟停机天数' },
  unit: 'days',
  value: 7,
};
const noStopOnHolidays: Grant = {
  code: 'NO_STOP_ON_HOLIDAYS',
  label: { en: 'service is not stopped on holidays', zh: '节假日免停机' },
  unit: 'none',
  value: 1,
};
const star = (tier: string, en: string, zh: string, ...grants: readonly Grant[]): Level => ({
  tier,
  label: { en, zh },
  ...(grants.length > 0 && { grants }),
});

/**
 * Star service (星级服务, DOMAIN.md §2.1; TIER-14): six months in the network, mean spend, tenure, contract, less suspensions for
 * arrears; three of these in a year leave three stars at most. Credits are those of §2.3. Scores are defaults of this product.
 */
export const star2026: RuleSetBody = {
  levels: [
    star('FIVE_STAR_DIAMOND', 'Five stars, diamond', '五星钻', overdraft(100_000), stopDelay, noStopOnHolidays),
    star('FIVE_STAR_GOLD', 'Five stars, gold', '五星金', overdraft(50_000), stopDelay),
    star('FIVE_STAR', 'Five stars', '五星级', overdraft(30_000), stopDelay),
    star('FOUR_STAR', 'Four stars', '四星级', overdraft(20_000), stopDelay),
    star('THREE_STAR', 'Three stars', '三星级', overdraft(10_000), stopDelay),
    star('TWO_STAR', 'Two stars', '二星级', overdraft(5_000), stopDelay),
    star('ONE_STAR', 'One star', '一星级', overdraft(2_000), stopDelay),
    star('NO_STAR', 'No star', '无星级'),
  ],
  inputs: [
    {
      code: 'MEAN_SPEND',
      label: { en: 'mean spend of six months', zh: '近六个月月均消费' },
      unit: 'fen',
      value: meanSpend,
    },
    { code: 'SPEND_SCORE', label: { en: 'score of spend', zh: '消费得分' }, unit: 'none', value: spendScore },
    { code: 'TENURE_SCORE', label: { en: 'score of tenure', zh: '网龄得分' }, unit: 'none', value: tenureScore },
    {
      code: 'CONTRACT_SCORE',
      label: { en: 'score of a contract', zh: '合约得分' },
      unit: 'none',
      value: contractScore,
    },
    {
      code: 'SUSPENSIONS',
      label: { en: 'two-way suspensions of a year', zh: '近一年双停次数' },
      unit: 'times',
      value: suspensions,
    },
  ],
  requirements: [
    {
      code: 'TENURE',
      label: { en: 'in the network for at least six months', zh: '网龄满六个月' },
      condition: { metric: 'tenureMonths', op: '>=', value: 6 },
    },
    {
      code: 'PERSON',
      label: { en: 'is a person', zh: '个人客户' },
      condition: { metric: 'customerKind', op: '==', value: 'individual' },
    },
  ],
  exclusions: gotone2026.exclusions,
  routes: [
    {
      code: 'STAR_SCORE',
      label: { en: 'star score', zh: '星级得分' },
      unit: 'none',
      measure: cappedScore,
      thresholds: [
        { tier: 'FIVE_STAR_DIAMOND', atLeast: 5_000 },
        { tier: 'FIVE_STAR_GOLD', atLeast: 3_500 },
        { tier: 'FIVE_STAR', atLeast: 2_200 },
        { tier: 'FOUR_STAR', atLeast: fourStarsFrom },
        { tier: 'THREE_STAR', atLeast: 1_000 },
        { tier: 'TWO_STAR', atLeast: 600 },
        { tier: 'ONE_STAR', atLeast: 300 },
      ],
    },
  ],
  review: { month: 2, day: 1 },
  // The first stars come in the seventh month; fewer stars come with the next rating of everybody.
  movement: {
    upgrade: 'any-run',
    downgrade: 'review',
    graceMonths: 0,
    stepwise: false,
    coolDownMonths: 0,
    announceRetained: false,
    guard: { percent: 20, from: 100 },
  },
};
