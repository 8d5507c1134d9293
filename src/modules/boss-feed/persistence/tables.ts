import type { TableKinds } from '../../../platform/database/index.js';

// An item has one place in an order over all customers: it cannot be stored by customer.
export const tables: TableKinds = {
  'boss_feed.feed': 'operational',
  'boss_feed.pending_item': 'operational',
  'boss_feed.item': 'operational',
  'boss_feed.collection': 'operational',
  'boss_feed.file': 'operational',
  'boss_feed.subscription': 'operational',
};
