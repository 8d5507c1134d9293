import type { TableKinds } from '../../../platform/database/index.js';

export const tables: TableKinds = {
  'benefits.benefit': 'reference',
  'benefits.benefit_quota': 'reference',
  'benefits.entitlement': 'customer',
  'benefits.entitlement_change': 'customer',
  'benefits.entitlement_use': 'customer',
  'benefits.points_exchange': 'customer',
};
