import type { TableKinds } from '../../../platform/database/index.js';

export const tables: TableKinds = {
  'customers.party': 'directory',
  'customers.party_directory': 'directory',
  'customers.customer': 'customer',
  'customers.subscription': 'customer',
  'customers.msisdn_directory': 'directory',
  'customers.account_directory': 'directory',
  'customers.archive_move': 'customer',
  'vault.subject_key': 'directory',
};
