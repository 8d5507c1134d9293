import type { TableKinds } from '../database/index.js';

export const tables: TableKinds = {
  'platform.outbox': 'operational',
  'platform.outbox_lane': 'operational',
  'platform.handled_event': 'operational',
  'platform.hub_subscription': 'operational',
  'platform.hub_delivery': 'operational',
};
