import type { TableKinds } from '../../../platform/database/index.js';

export const tables: TableKinds = {
  'care.standard_action': 'reference',
  'care.task': 'customer',
};
