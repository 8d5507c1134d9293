import { defineResource } from '../../../platform/http/index.js';
import { EVENT_TYPES, KINDS } from '../domain/codes.js';
import { STATUS_SQL, TYPE_SQL, USAGE_STATUSES } from '../application/find-usage.query.js';

export const intakeFiles = defineResource({
  type: 'IntakeFile',
  path: '/care-api/intake/v1/file',
  attributes: {
    id: { type: 'id', column: 'f.file_id', filter: true },
    kind: { type: 'enum', column: 'f.kind', values: KINDS, filter: true, sort: true },
    source: { type: 'text', column: 'f.source', filter: true, sort: true },
    state: { type: 'enum', column: 'f.state', values: ['OK', 'PARTIAL', 'BAD'], filter: true, sort: true },
    sequence: { type: 'integer', column: 'f.sequence', filter: true, sort: true },
    businessDate: { type: 'date', column: 'f.business_date', filter: true, sort: true },
    receivedAt: { type: 'instant', column: 'f.received_at', filter: true, sort: true },
  },
  defaultSort: '-receivedAt',
});

export const usages = defineResource({
  type: 'Usage',
  path: '/tmf-api/usageManagement/v4/usage',
  // The key itself: a page is read from the index, whatever the size of the table.
  idColumn: 'r.customer_id, r.month, r.source, r.record_id, r.version',
  attributes: {
    id: { type: 'text', column: 'r.customer_id, r.month, r.source, r.record_id, r.version' },
    'relatedParty.id': { type: 'id', column: 'r.customer_id', filter: true },
    usageType: { type: 'enum', column: TYPE_SQL, values: EVENT_TYPES, filter: true },
    usageDate: { type: 'instant', column: 'r.event_time', filter: true, sort: true },
    status: { type: 'enum', column: STATUS_SQL, values: USAGE_STATUSES, filter: true },
  },
  defaultSort: 'id',
  rowsOf: { customerId: 'r.customer_id' },
});
