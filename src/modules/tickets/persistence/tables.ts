import type { TableKinds } from '../../../platform/database/index.js';

export const tables: TableKinds = {
  'tickets.service_level': 'reference',
  'tickets.ticket': 'customer',
  'tickets.status_change': 'customer',
  'tickets.note': 'customer',
  'tickets.breach': 'customer',
  'tickets.ticket_directory': 'directory',
  'tickets.external_id_directory': 'directory',
  'tickets.running_clock': 'operational',
};
