import type { TableKinds } from '../database/index.js';

export const tables: TableKinds = {
  'platform.idempotency_key': 'operational',
  'platform.request_nonce': 'operational',
};
