import { defineResource } from '../../../platform/http/index.js';
import { ruleSetKinds, ruleSetStatuses } from '../domain/rule-set.js';

export const ruleSets = defineResource({
  type: 'TierRuleSet',
  path: '/care-api/tiering/v1/ruleSet',
  attributes: {
    id: { type: 'text', column: 'r.version', filter: true, sort: true },
    program: { type: 'text', column: 'r.program', filter: true, sort: true },
    kind: { type: 'enum', column: 'g.kind', values: ruleSetKinds, filter: true },
    status: { type: 'enum', column: 'r.status', values: ruleSetStatuses, filter: true, sort: true },
    effectiveFrom: { type: 'date', column: 'r.effective_from', filter: true, sort: true },
    effectiveUntil: { type: 'date', column: 'r.effective_until', filter: true, sort: true },
  },
  defaultSort: '-effectiveFrom',
});

export const programs = defineResource({
  type: 'LevelProgram',
  path: '/care-api/tiering/v1/program',
  attributes: {
    id: { type: 'text', column: 'g.program', filter: true, sort: true },
    kind: { type: 'enum', column: 'g.kind', values: ruleSetKinds, filter: true, sort: true },
    createdAt: { type: 'instant', column: 'g.created_at', filter: true, sort: true },
  },
  defaultSort: 'id',
});

export const RUNS = '/care-api/operations/v1/run';
