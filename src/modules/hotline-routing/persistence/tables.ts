import type { TableKinds } from '../../../platform/database/index.js';

export const tables: TableKinds = {
  'routing.policy': 'reference',
  'routing.pool': 'reference',
  'routing.dialled_code': 'reference',
  'routing.customer_manager': 'customer',
  'routing.agent': 'operational',
  'routing.contact': 'operational',
  'routing.reservation': 'operational',
  'routing.decision': 'operational',
};
