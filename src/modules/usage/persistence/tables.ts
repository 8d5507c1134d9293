import type { TableKinds } from '../../../platform/database/index.js';

export const tables: TableKinds = {
  'usage.usage_record': 'customer',
  'usage.customer_bill': 'customer',
  'usage.payment': 'customer',
  'usage.arrears_record': 'customer',
  'usage.record_extra': 'customer',
  'usage.customer_month': 'customer',
  'usage.month_change': 'customer',
  'usage.subscription_record': 'directory',
  'usage.intake_file': 'operational',
  'usage.rejected_record': 'operational',
  'usage.held_record': 'operational',
  'usage.reject': 'operational',
  'usage.reject_replay': 'operational',
  'usage.intake_alarm': 'operational',
  'usage.source': 'operational',
  'usage.source_feed': 'operational',
  'usage.intake': 'operational',
  'usage.source_day': 'operational',
  'usage.closed_month': 'reference',
};
