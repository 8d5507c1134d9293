import type { TableKinds } from '../../../platform/database/index.js';

export const tables: TableKinds = {
  'tiering.program': 'reference',
  'tiering.rule_set': 'reference',
  'tiering.rule_set_period': 'reference',
  'tiering.tier_decision': 'customer',
  'tiering.tier_assignment': 'customer',
  'tiering.tier_grace': 'customer',
  'tiering.tier_override': 'customer',
  'tiering.pending_downgrade': 'customer',
  'tiering.card': 'customer',
  'tiering.card_directory': 'directory',
  'tiering.points_member': 'customer',
  'tiering.review': 'operational',
  'tiering.reconsidered_intake': 'operational',
};
