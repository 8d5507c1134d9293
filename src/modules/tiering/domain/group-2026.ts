import type { Expression } from '../../../platform/rules/index.js';
import type { RuleSetBody } from './rule-set.js';

const year = { kind: 'rolling-months', months: 12 } as const;

const ownSpend: Expression = { metric: 'netSpendFen', agg: 'sum', window: year };
const membersSpend: Expression = { metric: 'membersSpendFen' };

/**
 * Levels of group customers (集团客户级别; TIER-01, GRP-22). A group big customer has many members, pays much and has good credit
 * (DOMAIN.md §2.1): the year's spend of the group and of its members counts, or how many they are; the classes are those that managers
 * are given by (§2.5). C begins at 2,000 yuan a month (GRP-06); all other figures are defaults of this product.
 */
export const group2026: RuleSetBody = {
  levels: [
    { tier: 'A', label: { en: 'Group class A', zh: 'A类集团客户' } },
    { tier: 'B', label: { en: 'Group class B', zh: 'B类集团客户' } },
    { tier: 'C', label: { en: 'Group class C', zh: 'C类集团客户' } },
    { tier: 'D', label: { en: 'Group class D', zh: 'D类集团客户' } },
  ],
  inputs: [
    {
      code: 'OWN_SPEND',
      label: { en: 'net spend of the group, a year', zh: '集团近一年消费' },
      unit: 'fen',
      value: ownSpend,
    },
    {
      code: 'MEMBERS_SPEND',
      label: { en: 'net spend of its members, a year', zh: '成员近一年消费' },
      unit: 'fen',
      value: membersSpend,
    },
    { code: 'MEMBERS', label: { en: 'members', zh: '成员数' }, unit: 'none', value: { metric: 'memberCount' } },
  ],
  requirements: [
    {
      code: 'GROUP',
      label: { en: 'is a group', zh: '集团客户' },
      condition: { metric: 'customerKind', op: '==', value: 'group' },
    },
  ],
  exclusions: [
    {
      code: 'OVERDUE',
      label: { en: 'owes 10,000 yuan or more that is overdue', zh: '逾期欠费满1万元' },
      condition: { metric: 'overdueBillsFen', op: '>=', value: 1_000_000 },
    },
  ],
  routes: [
    {
      code: 'SPEND',
      label: { en: 'net spend of the group and its members, a year', zh: '集团及成员近一年消费' },
      unit: 'fen',
      measure: { add: [ownSpend, membersSpend] },
      thresholds: [
        { tier: 'A', atLeast: 60_000_000 },
        { tier: 'B', atLeast: 12_000_000 },
        { tier: 'C', atLeast: 2_400_000 },
      ],
    },
    {
      code: 'MEMBERS',
      label: { en: 'members', zh: '成员数' },
      unit: 'none',
      measure: { metric: 'memberCount' },
      thresholds: [
        { tier: 'B', atLeast: 500 },
        { tier: 'C', atLeast: 50 },
      ],
    },
  ],
  review: { month: 2, day: 1 },
  movement: {
    upgrade: 'any-run',
    downgrade: 'review',
    graceMonths: 0,
    stepwise: false,
    coolDownMonths: 0,
    announceRetained: false,
    guard: { percent: 20, from: 20 },
  },
};
