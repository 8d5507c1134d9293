import type { Tx } from '../../../platform/database/index.js';

/** A line of the audit as it is stored. */
export interface AuditRow {
  readonly entryId: string;
  readonly occurredAt: Date;
  readonly actorKind: 'staff' | 'system' | 'customer' | 'nobody' | 'application';
  readonly actorId: string;
  readonly actorRole: string;
  readonly unitId: string | null;
  readonly sessionId: string | null;
  readonly clientAddress: string | null;
  readonly requestId: string;
  readonly operation: string;
  readonly action: string;
  readonly objectType: string;
  readonly objectId: string | null;
  readonly customerId: string | null;
  readonly beforeDigest: Buffer | null;
  readonly afterDigest: Buffer | null;
  readonly changedFields: readonly string[];
  readonly reason: string | null;
  readonly approvalId: string | null;
}

const COLUMNS: readonly (readonly [name: string, type: string, of: (row: AuditRow) => unknown])[] = [
  ['entry_id', 'uuid', (row) => row.entryId],
  ['occurred_at', 'timestamptz', (row) => row.occurredAt],
  ['actor_kind', 'text', (row) => row.actorKind],
  ['actor_id', 'text', (row) => row.actorId],
  ['actor_role', 'text', (row) => row.actorRole],
  ['unit_id', 'uuid', (row) => row.unitId],
  ['session_id', 'text', (row) => row.sessionId],
  ['client_address', 'text', (row) => row.clientAddress],
  ['request_id', 'text', (row) => row.requestId],
  ['operation', 'text', (row) => row.operation],
  ['action', 'text', (row) => row.action],
  ['object_type', 'text', (row) => row.objectType],
  ['object_id', 'text', (row) => row.objectId],
  ['customer_id', 'uuid', (row) => row.customerId],
  ['before_digest', 'bytea', (row) => row.beforeDigest],
  ['after_digest', 'bytea', (row) => row.afterDigest],
  ['reason', 'text', (row) => row.reason],
  ['approval_id', 'uuid', (row) => row.approvalId],
  // Arrays of arrays must be of one length; no name has a comma in it.
  ['changed_fields', 'text', (row) => row.changedFields.join(',')],
];

const NAMES = COLUMNS.map(([name]) => name);
// By unnest and not from JSON, which costs as much again as all the rest.
const INSERT = `
  INSERT INTO organization.audit_entry (${NAMES.join(', ')})
  SELECT ${NAMES.slice(0, -1).join(', ')}, string_to_array(changed_fields, ',')
  FROM unnest(${COLUMNS.map(([, type], at) => `$${at + 1}::${type}[]`).join(', ')}) AS e (${NAMES.join(', ')})`;

const paramsOf = (rows: readonly AuditRow[]): unknown[] => COLUMNS.map(([, , of]) => rows.map(of));

const ENTRIES = { name: 'organization.audit', text: INSERT };
// Asked before the line itself is written, which is a write, too; and by a statement of its own, since one that only reads may be
// in a transaction that may only read.
const IS_WRITTEN = {
  name: 'organization.is-written',
  text: 'SELECT pg_current_xact_id_if_assigned() IS NOT NULL AS yes',
};

export async function insertAuditEntries(tx: Tx, rows: readonly AuditRow[]): Promise<void> {
  await tx.prepared(ENTRIES, paramsOf(rows));
}

/** The line of a transaction that wrote, or locked, anything; none of one that only read. */
export async function insertAuditEntryIfWritten(tx: Tx, row: AuditRow): Promise<void> {
  const [written] = await tx.prepared<{ yes: boolean }>(IS_WRITTEN, []);
  if (written?.yes) await insertAuditEntries(tx, [row]);
}

export const AUDIT_COLUMNS = `a.entry_id AS "entryId", a.occurred_at AS "occurredAt", a.actor_kind AS "actorKind",
  a.actor_id AS "actorId", a.actor_role AS "actorRole", a.unit_id AS "unitId", a.session_id AS "sessionId",
  a.client_address AS "clientAddress", a.request_id AS "requestId", a.operation, a.action, a.object_type AS "objectType",
  a.object_id AS "objectId", a.customer_id AS "customerId", a.before_digest AS "beforeDigest",
  a.after_digest AS "afterDigest", a.changed_fields AS "changedFields", a.reason,
  a.approval_id AS "approvalId"`;
