import type { TableKinds } from '../../../platform/database/index.js';

export const tables: TableKinds = {
  'merchants.merchant': 'reference',
  'merchants.site': 'reference',
  'merchants.terminal': 'reference',
  'merchants.discount': 'reference',
  'merchants.sale': 'customer',
  'merchants.pos_message': 'directory',
};
