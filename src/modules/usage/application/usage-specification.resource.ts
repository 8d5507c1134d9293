import { defineResource } from '../../../platform/http/index.js';
import { LIFECYCLE } from '../domain/usage-specification.js';

export const usageSpecifications = defineResource({
  type: 'UsageSpecification',
  path: '/tmf-api/usageManagement/v4/usageSpecification',
  attributes: {
    id: { type: 'text', column: 's.id', filter: true, sort: true },
    name: { type: 'text', column: `s.body ->> 'name'`, filter: true, sort: true },
    version: { type: 'text', column: `s.body ->> 'version'`, filter: true },
    lifecycleStatus: {
      type: 'enum',
      column: `s.body ->> 'lifecycleStatus'`,
      values: LIFECYCLE,
      filter: true,
      sort: true,
    },
    lastUpdate: { type: 'instant', column: `(s.body ->> 'lastUpdate')::timestamptz`, filter: true, sort: true },
  },
  defaultSort: 'id',
  serverSet: ['lastUpdate'],
});
