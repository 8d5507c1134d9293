import { defineResource } from '../../../../platform/http/index.js';
import { BATCH_STATES } from '../../domain/expiry/expiry-batch.js';

const BASE = '/care-api/points/v1';

export const expiryNotices = defineResource({
  type: 'ExpiryNotice',
  path: `${BASE}/account/{customerId}/expiryNotice`,
  idColumn: 'n.expires_on, n.days_before',
  attributes: {
    id: { type: 'id', column: 'n.notice_id', filter: true },
    expiresOn: { type: 'date', column: 'n.expires_on', filter: true, sort: true, description: 'Last day of use' },
    daysBefore: { type: 'integer', column: 'n.days_before', filter: true, sort: true },
    noticedAt: { type: 'instant', column: 'n.noticed_at', filter: true, sort: true },
  },
  defaultSort: '-noticedAt',
});

/** As `stateOf` says it. */
const STATE = `CASE WHEN b.finished_at IS NULL THEN 'RUNNING' WHEN b.is_preview THEN 'PREVIEWED'
  WHEN b.reversal_run_id IS NULL THEN 'POSTED' WHEN b.reversed_at IS NULL THEN 'REVERSING' ELSE 'REVERSED' END`;

export const expiryBatches = defineResource({
  type: 'ExpiryBatch',
  path: `${BASE}/expiryBatch`,
  attributes: {
    id: { type: 'id', column: 'b.batch_id', filter: true },
    state: { type: 'enum', column: STATE, values: BATCH_STATES, filter: true },
    asOf: { type: 'date', column: 'b.as_of', filter: true, sort: true },
    startedAt: { type: 'instant', column: 'b.started_at', filter: true, sort: true },
  },
  defaultSort: '-startedAt',
});
