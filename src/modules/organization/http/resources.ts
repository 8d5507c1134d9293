import { defineResource } from '../../../platform/http/index.js';
import { STAFF_STATUSES } from '../domain/staff.js';
import { UNIT_KINDS } from '../domain/unit.js';

const AREA = '/care-api/organization/v1';

export const ACCESS_RESULTS = ['granted', 'refused'] as const;
export const ACTOR_KINDS = ['staff', 'system', 'customer', 'unknown'] as const;

export const units = defineResource({
  type: 'Unit',
  path: `${AREA}/unit`,
  attributes: {
    id: { type: 'id', column: 'u.unit_id', filter: true },
    kind: { type: 'enum', column: 'u.kind', values: UNIT_KINDS, filter: true, sort: true },
    code: { type: 'text', column: 'u.code', filter: true, sort: true },
    name: { type: 'text', column: 'u.name', filter: true, sort: true },
    parentId: { type: 'id', column: 'u.parent_id', filter: true },
    within: {
      type: 'id',
      filter: true,
      where: (ids) =>
        `EXISTS (SELECT 1 FROM organization.unit top WHERE top.unit_id = ANY(${ids}) AND starts_with(u.path, top.path))`,
      description: 'The unit itself and everything below it',
    },
    path: { type: 'text', column: 'u.path COLLATE "C"' },
  },
  defaultSort: 'path',
  patchable: ['name'],
});

export const staff = defineResource({
  type: 'StaffMember',
  path: `${AREA}/staff`,
  attributes: {
    id: { type: 'id', column: 's.staff_id', filter: true },
    login: { type: 'text', column: 's.login', filter: true, sort: true },
    displayName: { type: 'text', column: 's.display_name', filter: true, sort: true },
    status: { type: 'enum', column: 's.status', values: STAFF_STATUSES, filter: true, sort: true },
    unitId: { type: 'id', column: 's.unit_id', filter: true },
    role: { type: 'text', filter: true, where: (roles) => `s.roles && ${roles}` },
  },
  defaultSort: 'login',
  patchable: ['displayName', 'unitId', 'roles', 'status', 'password'],
});

export const roles = defineResource({
  type: 'Role',
  path: `${AREA}/role`,
  idColumn: 'r.role',
  attributes: {
    id: { type: 'text', column: 'r.role', filter: true, sort: true },
    isForSystems: { type: 'boolean', column: 'r.is_for_systems', filter: true },
  },
  defaultSort: 'id',
});

export const apiKeys = defineResource({
  type: 'ApiKey',
  path: `${AREA}/apiKey`,
  attributes: {
    id: { type: 'id', column: 'k.api_key_id', filter: true },
    name: { type: 'text', column: 'k.name', filter: true, sort: true },
    role: { type: 'text', column: 'k.role', filter: true },
    source: { type: 'text', column: 'k.source', filter: true },
    createdAt: { type: 'instant', column: 'k.created_at', filter: true, sort: true },
    revokedAt: { type: 'instant', column: 'k.revoked_at', filter: true, sort: true },
  },
  defaultSort: '-createdAt',
  patchable: ['mustSign', 'addresses', 'requestsPerMinute'],
});

export const accessEntries = defineResource({
  type: 'AccessEntry',
  path: `${AREA}/accessEntry`,
  attributes: {
    id: { type: 'id', column: 'a.entry_id', filter: true },
    occurredAt: { type: 'instant', column: 'a.occurred_at', filter: true, sort: true },
    actorKind: { type: 'enum', column: 'a.actor_kind', values: ACTOR_KINDS, filter: true },
    actorId: { type: 'text', filter: true },
    actorRole: { type: 'text', column: 'a.actor_role', filter: true },
    unitId: { type: 'id', column: 'a.unit_id', filter: true },
    sessionId: { type: 'text', column: 'a.session_id', filter: true },
    clientAddress: { type: 'text', column: 'a.client_address', filter: true },
    requestId: { type: 'text', column: 'a.request_id', filter: true },
    action: { type: 'text', column: 'a.action', filter: true },
    purpose: { type: 'text', column: 'a.purpose', filter: true },
    result: { type: 'enum', column: 'a.result', values: ACCESS_RESULTS, filter: true },
    refusal: { type: 'text', column: 'a.refusal', filter: true },
    customerId: { type: 'id', filter: true },
  },
  defaultSort: '-occurredAt',
});
