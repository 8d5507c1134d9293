import { defineResource } from '../../../platform/http/index.js';

const PATH = '/care-api/tiering/v1/preview';

export const previews = defineResource({
  type: 'RuleSetPreview',
  path: PATH,
  attributes: {
    id: { type: 'id', column: 'v.run_id', filter: true },
    program: { type: 'text', column: 'v.program', filter: true },
    version: { type: 'text', column: 'v.version', filter: true, sort: true },
    asOf: { type: 'date', column: 'v.as_of', filter: true, sort: true },
    startedAt: { type: 'instant', column: 'v.started_at', filter: true, sort: true },
  },
  defaultSort: '-startedAt',
});

/** Of one preview: those named who would fall. */
export const previewedCustomers = defineResource({
  type: 'PreviewedCustomer',
  path: `${PATH}/{runId}/customer`,
  attributes: {
    id: { type: 'id', column: 'd.customer_id', filter: true },
    place: { type: 'integer', column: 'd.place', filter: true, sort: true },
    region: { type: 'text', column: 'p.region', filter: true, sort: true },
    managerId: { type: 'id', column: 'p.manager_id', filter: true },
    from: { type: 'text', column: 'd.from_tier', filter: true },
    to: { type: 'text', column: 'd.to_tier', filter: true },
    outcome: { type: 'enum', column: 'd.outcome', values: ['downgraded', 'warned'], filter: true },
  },
  defaultSort: 'place',
  rowsOf: { customerId: 'd.customer_id' },
});

/** Of one preview: account managers, and what becomes of their customers. */
export const previewedPortfolios = defineResource({
  type: 'PreviewedPortfolio',
  path: `${PATH}/{runId}/portfolio`,
  attributes: {
    id: { type: 'id', column: 'm.manager_id', filter: true },
    customers: { type: 'integer', column: 'm.customers', sort: true },
    rises: { type: 'integer', column: 'm.rises', sort: true },
    falls: { type: 'integer', column: 'm.falls', sort: true },
    warned: { type: 'integer', column: 'm.warned', sort: true },
  },
  defaultSort: '-falls',
});
