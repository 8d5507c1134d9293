import type { TableKinds } from '../database/index.js';

export const tables: TableKinds = {
  'platform.run': 'operational',
  'platform.run_slice': 'operational',
};
