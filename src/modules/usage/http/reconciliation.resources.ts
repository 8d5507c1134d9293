import { defineResource } from '../../../platform/http/index.js';
import { KINDS } from '../domain/codes.js';
import { DIFFERENCE_TYPES, MEASURES } from '../domain/reconciliation.js';
import { DAY_STATES } from '../domain/source-day.js';

const DAY = {
  source: { type: 'text', column: 'd.source', filter: true, sort: true },
  kind: { type: 'enum', column: 'd.kind', values: KINDS, filter: true, sort: true },
  province: { type: 'text', column: 'd.province', filter: true },
  businessDate: { type: 'date', column: 'd.business_date', filter: true, sort: true },
} as const;

export const reconciliations = defineResource({
  type: 'Reconciliation',
  path: '/care-api/intake/v1/reconciliation',
  idColumn: 'd.source, d.kind, d.business_date, d.province',
  attributes: {
    ...DAY,
    state: { type: 'enum', column: 'd.state', values: DAY_STATES, filter: true },
    openDifferences: { type: 'integer', column: 'd.open_differences', filter: true, sort: true },
    comparedAt: { type: 'instant', column: 'd.compared_at', filter: true, sort: true },
  },
  defaultSort: '-businessDate',
});

export const DIFFERENCE_STATES = ['OPEN', 'EXPLAINED', 'GONE'] as const;

export const reconciliationDifferences = defineResource({
  type: 'ReconciliationDifference',
  path: '/care-api/intake/v1/reconciliationDifference',
  attributes: {
    id: { type: 'id', column: 'd.difference_id', filter: true },
    ...DAY,
    type: { type: 'enum', column: 'd.type', values: DIFFERENCE_TYPES, filter: true },
    measure: { type: 'enum', column: 'd.measure', values: MEASURES, filter: true },
    recordId: { type: 'text', column: 'd.record_id', filter: true },
    state: { type: 'enum', column: 'd.state', values: DIFFERENCE_STATES, filter: true },
    owner: { type: 'text', column: 'd.owner', filter: true },
    foundAt: { type: 'instant', column: 'd.found_at', filter: true, sort: true },
  },
  defaultSort: '-foundAt',
});

export const monthClosings = defineResource({
  type: 'MonthClosing',
  path: '/care-api/intake/v1/monthClosing',
  idColumn: 'c.month',
  attributes: {
    monthStart: { type: 'date', column: 'c.month', filter: true, sort: true, description: 'First day of the month' },
    closedAt: { type: 'instant', column: 'c.closed_at', filter: true, sort: true },
  },
  defaultSort: '-monthStart',
});
