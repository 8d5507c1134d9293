import { defineResource, type Attribute } from '../../../platform/http/index.js';
import { COUNTERPARTY_CLASSES, EVENT_TYPES, OPERATIONS } from '../domain/codes.js';
import { STATUS_SQL, USAGE_STATUSES } from '../domain/usage-status.js';

const PATH = '/tmf-api/usageManagement/v4/usage';

const wordOf = (column: string, words: readonly string[]): string => `(ARRAY['${words.join("','")}'])[${column}]`;
export const TYPE_SQL = wordOf('r.event_type', EVENT_TYPES);
export const CLASS_SQL = wordOf('r.counterparty_class', COUNTERPARTY_CLASSES);
export const OPERATION_SQL = wordOf('r.operation', OPERATIONS);

const text = (column: string): Attribute => ({ type: 'text', column, filter: true });
const word = (column: string, values: readonly string[]): Attribute => ({ type: 'enum', column, values, filter: true });

/** Stored records, beside their months. */
export const usages = defineResource({
  type: 'Usage',
  path: PATH,
  // The key itself: a page is read from the index, whatever the size of the table.
  idColumn: 'r.customer_id, r.month, r.source, r.record_id, r.version',
  attributes: {
    id: { type: 'text', column: 'r.customer_id, r.month, r.source, r.record_id, r.version' },
    'relatedParty.id': { type: 'id', column: 'r.customer_id', filter: true },
    usageType: word(TYPE_SQL, EVENT_TYPES),
    usageDate: { type: 'instant', column: 'r.event_time', filter: true, sort: true },
    status: word(STATUS_SQL, USAGE_STATUSES),
    'usageSpecification.id': text(`'USG-' || ${TYPE_SQL}`),
    'usageCharacteristic.recordId': {
      type: 'text',
      filter: true,
      where: (ids) => `(r.customer_id, r.month, r.source, r.record_id) IN (
        SELECT d.customer_id, d.month, d.source, d.record_id FROM usage.record_directory d
        WHERE d.kind = 'USG' AND d.record_id = ANY(${ids}))`,
    },
    'usageCharacteristic.source': text('r.source'),
    'usageCharacteristic.counterpartyClass': word(CLASS_SQL, COUNTERPARTY_CLASSES),
    'usageCharacteristic.operation': word(OPERATION_SQL, OPERATIONS),
    'usageCharacteristic.tariffCode': text('r.tariff_code'),
    'usageCharacteristic.regionVisited': text('r.region_visited'),
  },
  defaultSort: 'id',
  rowsOf: { customerId: 'r.customer_id' },
});

/** Records that wait. They are nobody's yet. */
export const receivedUsages = defineResource({
  type: 'Usage',
  path: PATH,
  idColumn: 'h.source, h.record_id, h.version',
  attributes: {
    id: { type: 'text', column: 'h.source, h.record_id, h.version' },
    'usageCharacteristic.recordId': text('h.record_id'),
    'usageCharacteristic.source': text('h.source'),
  },
  defaultSort: 'id',
});

/** Records that were refused. They are nobody's. */
export const refusedUsages = defineResource({
  type: 'Usage',
  path: PATH,
  idColumn: 'f.intake_id, f.line_no',
  attributes: {
    id: { type: 'text', column: 'f.intake_id, f.line_no' },
    'usageCharacteristic.recordId': text('f.record_id'),
    'usageCharacteristic.source': text('f.source'),
  },
  defaultSort: 'id',
});
