import { defineResource } from '../../../platform/http/index.js';
import { FEED_KINDS } from '../domain/feed.js';
import { FILE_STATES } from '../domain/feed-file.js';

export const feeds = defineResource({
  type: 'Feed',
  path: '/care-api/feed/v1/feed',
  attributes: {
    id: { type: 'text', column: 'd.feed_id', filter: true },
    kind: { type: 'enum', column: 'd.kind', values: FEED_KINDS, filter: true, sort: true },
    target: { type: 'text', column: 'd.target', filter: true, sort: true },
  },
  defaultSort: 'id',
});

export const feedFiles = defineResource({
  type: 'FeedFile',
  path: '/care-api/feed/v1/file',
  attributes: {
    id: { type: 'id', column: 'f.file_id', filter: true },
    feed: { type: 'text', column: 'f.feed_id', filter: true, sort: true },
    kind: { type: 'enum', column: 'd.kind', values: FEED_KINDS, filter: true },
    state: { type: 'enum', column: 'f.state', values: FILE_STATES, filter: true },
    businessDate: { type: 'date', column: 'f.business_date', filter: true, sort: true },
    sequence: { type: 'integer', column: 'f.sequence', filter: true, sort: true },
    isAcknowledged: { type: 'boolean', column: '(f.acknowledged_at IS NOT NULL)', filter: true },
  },
  defaultSort: '-businessDate',
});

export const feedSubscriptions = defineResource({
  type: 'FeedSubscription',
  path: '/care-api/feed/v1/subscription',
  attributes: {
    id: { type: 'id', column: 's.subscription_id', filter: true },
    feed: { type: 'text', column: 's.feed_id', filter: true, sort: true },
    createdAt: { type: 'instant', column: 's.created_at', filter: true, sort: true },
  },
  defaultSort: '-createdAt',
});
