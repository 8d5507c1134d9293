import type { TableKinds } from '../../../platform/database/index.js';

export const tables: TableKinds = {
  'tiering.rule_set': 'reference',
  'tiering.tier_decision': 'customer',
  'tiering.tier_assignment': 'customer',
  'tiering.review': 'operational',
  'tiering.reconsidered_intake': 'operational',
};
