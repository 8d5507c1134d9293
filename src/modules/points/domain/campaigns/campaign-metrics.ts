import { defineMetrics } from '../../../../platform/rules/index.js';

const ofCustomer = { source: 'customer', nullable: true, unit: 'none' } as const;

/** What the condition of a campaign may ask about a customer, as of the day of the reward. */
export const campaignMetrics = defineMetrics([
  {
    ...ofCustomer,
    name: 'tier',
    column: 'tier',
    type: 'text',
    nullable: false,
    label: { en: 'card level', zh: '卡级别' },
    description: 'DIAMOND, PLATINUM, GOLD, SILVER, HONOURED_GUEST or ORDINARY.',
  },
  {
    ...ofCustomer,
    name: 'brand',
    column: 'brand',
    type: 'text',
    label: { en: 'brand', zh: '品牌' },
    description: 'GOTONE, MZONE or EASYOWN.',
  },
  {
    ...ofCustomer,
    name: 'region',
    column: 'region',
    type: 'text',
    label: { en: 'region', zh: '归属地' },
    description: 'Province code.',
  },
  {
    ...ofCustomer,
    name: 'tariff',
    column: 'tariff_code',
    type: 'text',
    label: { en: 'tariff', zh: '资费' },
    description: 'Code of the tariff.',
  },
  {
    ...ofCustomer,
    name: 'customerKind',
    column: 'kind',
    type: 'text',
    nullable: false,
    label: { en: 'kind of customer', zh: '客户类型' },
    description: 'individual or group (集团客户).',
  },
  {
    ...ofCustomer,
    name: 'tenureMonths',
    column: 'tenure_months',
    type: 'integer',
    unit: 'months',
    smallest: 0,
    largest: 1_200,
    label: { en: 'tenure', zh: '网龄' },
    description: 'Whole months since the activation.',
  },
]);
