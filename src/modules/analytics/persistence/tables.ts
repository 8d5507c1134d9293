import type { TableKinds } from '../../../platform/database/index.js';

export const tables: TableKinds = {
  'analytics.churn_rule_set': 'reference',
  'analytics.churn_score': 'customer',
  'analytics.churn_assessment': 'operational',
  'analytics.replaced_score': 'customer',
};
