import { defineResource } from '../../../platform/http/index.js';
import { ALARM_KINDS } from '../domain/alarm.js';
import { KINDS } from '../domain/codes.js';

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

export const intakeAlarms = defineResource({
  type: 'IntakeAlarm',
  path: '/care-api/intake/v1/alarm',
  attributes: {
    id: { type: 'id', column: 'a.alarm_id', filter: true },
    kind: { type: 'enum', column: 'a.kind', values: ALARM_KINDS, filter: true, sort: true },
    source: { type: 'text', column: 'a.source', filter: true, sort: true },
    recordKind: { type: 'enum', column: 'a.record_kind', values: KINDS, filter: true },
    businessDate: { type: 'date', column: 'a.business_date', filter: true, sort: true },
    raisedAt: { type: 'instant', column: 'a.raised_at', filter: true, sort: true },
    isStanding: { type: 'boolean', column: '(a.cleared_at IS NULL)', filter: true },
    isAcknowledged: { type: 'boolean', column: '(a.acknowledged_at IS NOT NULL)', filter: true },
  },
  defaultSort: '-raisedAt',
});

export const intakeSources = defineResource({
  type: 'IntakeSource',
  path: '/care-api/intake/v1/source',
  attributes: {
    id: { type: 'text', column: 's.source', filter: true, sort: true },
    registeredAt: { type: 'instant', column: 's.registered_at', sort: true },
  },
  defaultSort: 'id',
});
