import type { TableKinds } from '../../../platform/database/index.js';

export const tables: TableKinds = {
  'customers.party': 'directory',
  'customers.party_directory': 'directory',
  'customers.customer': 'customer',
  'customers.subscription': 'customer',
  'customers.msisdn_directory': 'directory',
  'customers.account_directory': 'directory',
  'customers.archive_move': 'customer',
  'customers.one_time_code': 'operational',
  'customers.customer_session': 'customer',
  'customers.caller_verification': 'customer',
  'customers.retention_class': 'reference',
  'customers.erased_until': 'reference',
  'vault.subject_key': 'directory',
  'customers.document_kind': 'reference',
  'customers.real_name_verification': 'customer',
  'customers.processing_purpose': 'reference',
  'customers.consent': 'customer',
  'customers.fact_source': 'customer',
};
