import type { Pool } from 'pg';
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
  /** Hex; with `\x` before it where it is stored. */
  readonly beforeDigest: string | null;
  readonly afterDigest: string | null;
  readonly changedFields: readonly string[];
  readonly reason: string | null;
  readonly approvalId: string | null;
}

const COLUMNS = `entry_id, occurred_at, actor_kind, actor_id, actor_role, unit_id, session_id, client_address, request_id,
  operation, action, object_type, object_id, customer_id, before_digest, after_digest, changed_fields, reason, approval_id`;

const INSERT = `
  INSERT INTO organization.audit_entry (${COLUMNS})
  SELECT "entryId", "occurredAt", "actorKind", "actorId", "actorRole", "unitId", "sessionId", "clientAddress", "requestId",
    operation, action, "objectType", "objectId", "customerId", "beforeDigest", "afterDigest", "changedFields", reason, "approvalId"
  FROM jsonb_to_recordset($1) AS e ("entryId" uuid, "occurredAt" timestamptz, "actorKind" text, "actorId" text,
    "actorRole" text, "unitId" uuid, "sessionId" text, "clientAddress" text, "requestId" text, operation text, action text,
    "objectType" text, "objectId" text, "customerId" uuid, "beforeDigest" bytea, "afterDigest" bytea, "changedFields" text[],
    reason text, "approvalId" uuid)`;

const ENTRIES = { name: 'organization.audit', text: INSERT };
// Asked before the line itself is written, which is a write, too; and by a statement of its own, since one that only reads may be
// in a transaction that may only read.
const IS_WRITTEN = {
  name: 'organization.is-written',
  text: 'SELECT pg_current_xact_id_if_assigned() IS NOT NULL AS yes',
};

export async function insertAuditEntries(tx: Tx, rows: readonly AuditRow[]): Promise<void> {
  await tx.prepared(ENTRIES, [JSON.stringify(rows)]);
}

/** The line of a transaction that wrote, or locked, anything; none of one that only read. */
export async function insertAuditEntryIfWritten(tx: Tx, row: AuditRow): Promise<void> {
  const [written] = await tx.prepared<{ yes: boolean }>(IS_WRITTEN, []);
  if (written?.yes) await insertAuditEntries(tx, [row]);
}

/** Partitions begin in UTC: the first hours of a Shanghai month are still in the one before. */
export async function openAuditMonth(connection: Pool, now: Date): Promise<void> {
  const shanghai = new Date(now.getTime() + 8 * 3_600_000);
  for (const instant of [now, shanghai]) {
    await connection.query(`SELECT platform.ensure_month_partition('organization', 'audit_entry', $1::date)`, [
      `${instant.toISOString().slice(0, 7)}-01`,
    ]);
  }
}

/** A line as auditors see it: digests as plain hex. */
export const AUDIT_COLUMNS = `a.entry_id AS "entryId", a.occurred_at AS "occurredAt", a.actor_kind AS "actorKind",
  a.actor_id AS "actorId", a.actor_role AS "actorRole", a.unit_id AS "unitId", a.session_id AS "sessionId",
  a.client_address AS "clientAddress", a.request_id AS "requestId", a.operation, a.action, a.object_type AS "objectType",
  a.object_id AS "objectId", a.customer_id AS "customerId", encode(a.before_digest, 'hex') AS "beforeDigest",
  encode(a.after_digest, 'hex') AS "afterDigest", a.changed_fields AS "changedFields", a.reason,
  a.approval_id AS "approvalId"`;
