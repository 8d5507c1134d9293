import { defineResource } from '../../../platform/http/index.js';
import { ruleSetStatuses } from '../domain/rule-set.js';

export const ruleSets = defineResource({
  type: 'TierRuleSet',
  path: '/care-api/tiering/v1/ruleSet',
  attributes: {
    id: { type: 'text', column: 'r.version', filter: true, sort: true },
    status: { type: 'enum', column: 'r.status', values: ruleSetStatuses, filter: true, sort: true },
    effectiveFrom: { type: 'date', column: 'r.effective_from', filter: true, sort: true },
    effectiveUntil: { type: 'date', column: 'r.effective_until', filter: true, sort: true },
  },
  defaultSort: '-effectiveFrom',
});
