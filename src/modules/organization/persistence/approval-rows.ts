import type { Tx } from '../../../platform/database/index.js';
import type { Approval } from '../domain/approval.js';

export const APPROVAL_COLUMNS = `a.approval_id AS "approvalId", a.kind, a.subject, a.customer_id AS "customerId", a.payload,
  a.payload_digest AS "payloadDigest", a.reason, a.asked_by AS "askedBy", a.asked_by_kind AS "askedByKind",
  a.asked_by_role AS "askedByRole", a.asked_in_unit AS "askedInUnit", a.asked_at AS "askedAt", a.expires_at AS "expiresAt", a.status,
  a.decided_by AS "decidedBy", a.comment, a.closed_at AS "closedAt", a.result`;

/** A request as it is stored, with the digest of what was asked for. */
export interface StoredApproval extends Approval {
  readonly payloadDigest: Buffer;
}

export type ApprovalRow = {
  readonly [K in keyof StoredApproval]: undefined extends StoredApproval[K]
    ? Exclude<StoredApproval[K], undefined> | null
    : StoredApproval[K];
};

export const approvalOf = (row: ApprovalRow): StoredApproval => ({
  ...row,
  customerId: row.customerId ?? undefined,
  askedInUnit: row.askedInUnit ?? undefined,
  decidedBy: row.decidedBy ?? undefined,
  comment: row.comment ?? undefined,
  closedAt: row.closedAt ?? undefined,
  result: row.result ?? undefined,
});

export async function insertApproval(tx: Tx, approval: StoredApproval): Promise<void> {
  await tx.execute(
    `INSERT INTO organization.approval
       (approval_id, kind, subject, customer_id, payload, payload_digest, reason, asked_by, asked_by_kind, asked_by_role,
        asked_in_unit, asked_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      approval.approvalId,
      approval.kind,
      approval.subject,
      approval.customerId ?? null,
      JSON.stringify(approval.payload),
      approval.payloadDigest,
      approval.reason,
      approval.askedBy,
      approval.askedByKind,
      approval.askedByRole,
      approval.askedInUnit ?? null,
      approval.askedAt,
      approval.expiresAt,
    ],
  );
}

export async function lockApproval(tx: Tx, approvalId: string): Promise<StoredApproval | undefined> {
  const [row] = await tx.query<ApprovalRow>(
    `SELECT ${APPROVAL_COLUMNS} FROM organization.approval a WHERE a.approval_id = $1 FOR UPDATE`,
    [approvalId],
  );
  return row && approvalOf(row);
}

export async function closeApproval(
  tx: Tx,
  { approvalId, status, decidedBy, comment, closedAt, result }: Approval,
): Promise<void> {
  await tx.execute(
    `UPDATE organization.approval SET status = $2, decided_by = $3, comment = $4, closed_at = $5, result = $6
     WHERE approval_id = $1`,
    [approvalId, status, decidedBy ?? null, comment ?? null, closedAt, result && JSON.stringify(result)],
  );
}
