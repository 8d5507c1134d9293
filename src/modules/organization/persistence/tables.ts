import type { TableKinds } from '../../../platform/database/index.js';

export const tables: TableKinds = {
  'organization.unit': 'reference',
  'organization.role': 'reference',
  'organization.staff': 'reference',
  'organization.api_key': 'reference',
  'organization.client_secret': 'reference',
  'organization.session': 'operational',
  'organization.refresh_token': 'operational',
  'organization.totp': 'operational',
  'organization.recovery_code': 'operational',
  'organization.access_register': 'operational',
  'organization.register_head': 'operational',
  'organization.audit_entry': 'operational',
  'organization.approval': 'operational',
};
