import { defineResource } from '../../../platform/http/index.js';
import { KINDS } from '../domain/codes.js';
import { REJECT_STATES } from '../domain/reject.js';

export const rejects = defineResource({
  type: 'Reject',
  path: '/care-api/intake/v1/reject',
  attributes: {
    id: { type: 'id', column: 'r.reject_id', filter: true },
    source: { type: 'text', column: 'r.source', filter: true, sort: true },
    kind: { type: 'enum', column: 'r.kind', values: KINDS, filter: true, sort: true },
    province: { type: 'text', column: 'r.province', filter: true },
    businessDate: { type: 'date', column: 'r.business_date', filter: true, sort: true },
    recordId: { type: 'text', column: 'r.record_id', filter: true },
    code: { type: 'text', column: 'r.code', filter: true, sort: true },
    field: { type: 'text', column: 'r.field', filter: true },
    state: { type: 'enum', column: 'r.state', values: REJECT_STATES, filter: true },
    attempts: { type: 'integer', column: 'r.attempts', filter: true, sort: true },
    firstSeen: { type: 'instant', column: 'r.first_seen', filter: true, sort: true },
    lastSeen: { type: 'instant', column: 'r.last_seen', filter: true, sort: true },
  },
  defaultSort: '-lastSeen',
});

export const rejectReplays = { type: 'RejectReplay', path: '/care-api/intake/v1/rejectReplay' } as const;

export const replayOutcomes = defineResource({
  type: 'RejectReplayOutcome',
  path: '/care-api/intake/v1/rejectReplayOutcome',
  idColumn: 'o.run_id, o.reject_id',
  attributes: {
    'rejectReplay.id': { type: 'id', column: 'o.run_id', filter: true },
    'reject.id': { type: 'id', column: 'o.reject_id', filter: true },
    outcome: { type: 'text', column: 'o.outcome', filter: true },
    code: { type: 'text', column: 'o.code', filter: true },
    replayedAt: { type: 'instant', column: 'o.replayed_at', filter: true, sort: true },
  },
  defaultSort: '-replayedAt',
});
