import { defineMetrics, type CustomerMetric, type MonthMetric } from '../../../platform/rules/index.js';

/** What a churn flag may ask about a customer (预警指标). Source 'customer' is a row of `assessedCustomersSql`. */
export const churnMetrics = defineMetrics([
  customer('contractDaysLeft', {
    column: 'contract_days_left',
    unit: 'days',
    label: { en: 'days left of the contract', zh: '合约剩余天数' },
    description: 'Days from the as-of day to the end of the contract, negative after it; unknown without a contract.',
  }),
  customer('overdueDays', {
    column: 'overdue_days',
    unit: 'days',
    label: { en: 'days overdue', zh: '欠费天数' },
    description: 'Days since the oldest bill that is not fully paid fell due; unknown when all are paid.',
  }),
  month('netSpendFen', {
    column: 'net_spend_fen',
    unit: 'fen',
    largest: 10_000_000_000,
    label: { en: 'net spend', zh: '实际消费' },
    description: 'Payable less what is collected for others and what gift money covers.',
  }),
  month('packageFeeFen', {
    column: 'package_fee_fen',
    nullable: true,
    unit: 'fen',
    largest: 10_000_000_000,
    label: { en: 'package fee', zh: '套餐月费' },
    description: 'The package fee of the month after discounts.',
  }),
  month('voiceMoSec', {
    column: 'voice_mo_sec',
    unit: 'seconds',
    largest: 10_000_000,
    label: { en: 'calling time', zh: '主叫时长' },
    description: 'Seconds of calls made.',
  }),
  month('voiceMtSec', {
    column: 'voice_mt_sec',
    unit: 'seconds',
    largest: 10_000_000,
    label: { en: 'time called', zh: '被叫时长' },
    description: 'Seconds of calls received.',
  }),
  month('dataKb', {
    column: 'data_kb',
    unit: 'KB',
    label: { en: 'data volume', zh: '流量' },
    description: 'Data used in the month.',
  }),
  count('sms', 'sms', { en: 'text messages', zh: '短信条数' }),
  count('calls', 'calls', { en: 'calls', zh: '通话次数' }),
  count('forwardedCalls', 'forwarded_calls', { en: 'forwarded calls', zh: '呼转次数' }),
  count('rivalHotlineCalls', 'rival_hotline_calls', { en: 'calls to a rival hotline', zh: '拨打异网客服次数' }),
  count('mnpQueries', 'mnp_queries', { en: 'porting queries', zh: '携转查询次数' }),
  count('mnpCodes', 'mnp_codes', { en: 'porting codes asked for', zh: '申请授权码次数' }),
  count('billDetailQueries', 'bill_detail_queries', { en: 'bill detail queries', zh: '详单查询次数' }),
  count('oneWaySuspensions', 'one_way_suspensions', { en: 'one-way suspensions', zh: '单向停机次数' }),
  count('twoWaySuspensions', 'two_way_suspensions', { en: 'two-way suspensions', zh: '双向停机次数' }),
]);

type Said<M> = Omit<M, 'name' | 'source' | 'type' | 'nullable'> & { readonly nullable?: boolean };

function customer(name: string, said: Said<CustomerMetric>): CustomerMetric {
  return { name, source: 'customer', type: 'integer', nullable: true, largest: 100_000, ...said };
}

function month(name: string, said: Said<MonthMetric>): MonthMetric {
  return { nullable: false, ...said, name, source: 'month', type: 'integer' };
}

function count(name: string, column: string, label: MonthMetric['label']): MonthMetric {
  return month(name, { column, label, unit: 'times', largest: 10_000_000, description: `${label.en} in the month` });
}
