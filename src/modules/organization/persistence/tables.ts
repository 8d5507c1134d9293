import type { TableKinds } from '../../../platform/database/index.js';

export const tables: TableKinds = {
  'organization.unit': 'reference',
  'organization.role': 'reference',
  'organization.staff': 'reference',
  'organization.api_key': 'reference',
  'organization.access_register': 'operational',
};
