import type { TableKinds } from '../../../platform/database/index.js';

export const tables: TableKinds = {
  'care.standard_action': 'reference',
  'care.task': 'customer',
  'care.notice_template': 'reference',
  'care.notice': 'customer',
};
