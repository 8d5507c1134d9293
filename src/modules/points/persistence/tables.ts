import type { TableKinds } from '../../../platform/database/index.js';

export const tables: TableKinds = {
  'points.point_account': 'customer',
  'points.point_bucket': 'customer',
  'points.journal': 'customer',
  'points.posting': 'customer',
  'points.point_hold': 'customer',
  'points.earn_rule_set': 'reference',
};
