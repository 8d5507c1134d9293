import type { Tx } from '../../../../platform/database/index.js';

export type ByHand = 'GIFT' | 'ADJUSTMENT';

export interface ManualEntry {
  readonly customerId: string;
  readonly journalId: string;
  readonly kind: ByHand;
  /** Negative when they were taken. */
  readonly points: number;
  readonly reasonCode: string;
  readonly costCentre: string;
  readonly askedBy: string;
  readonly approval?: { readonly approvalId: string; readonly approvedBy: string } | undefined;
  readonly businessDate: string;
  readonly postedAt: Date;
}

export const MANUAL_COLUMNS = `m.customer_id AS "customerId", m.journal_id AS "journalId", m.kind, m.points,
  m.reason_code AS "reasonCode", m.cost_centre AS "costCentre", m.asked_by AS "askedBy", m.approval_id AS "approvalId",
  m.approved_by AS "approvedBy", m.business_date AS "businessDate", m.posted_at AS "postedAt"`;

export type ManualRow = Omit<ManualEntry, 'approval'> & {
  readonly approvalId: string | null;
  readonly approvedBy: string | null;
};

export const manualEntryFrom = ({ approvalId, approvedBy, ...entry }: ManualRow): ManualEntry => ({
  ...entry,
  approval: approvalId !== null && approvedBy !== null ? { approvalId, approvedBy } : undefined,
});

export async function insertManualEntry(tx: Tx, entry: ManualEntry): Promise<void> {
  await tx.execute(
    `INSERT INTO points.manual_entry (customer_id, journal_id, kind, points, reason_code, cost_centre, asked_by, approval_id, approved_by,
       business_date, posted_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      entry.customerId,
      entry.journalId,
      entry.kind,
      entry.points,
      entry.reasonCode,
      entry.costCentre,
      entry.askedBy,
      entry.approval?.approvalId ?? null,
      entry.approval?.approvedBy ?? null,
      entry.businessDate,
      entry.postedAt,
    ],
  );
}

export async function manualEntryOf(
  reader: Pick<Tx, 'query'>,
  customerId: string,
  journalId: string,
): Promise<ManualEntry | undefined> {
  const [row] = await reader.query<ManualRow>(
    `SELECT ${MANUAL_COLUMNS} FROM points.manual_entry m WHERE m.customer_id = $1 AND m.journal_id = $2`,
    [customerId, journalId],
  );
  return row && manualEntryFrom(row);
}

/**
 * What one person may still give or take of a customer on a day without a second one: the limit, less what was given or taken so that
 * day by anybody, so that many small ones are no way around it. The account must be locked.
 */
export async function leftForOneHand(
  tx: Tx,
  { customerId, kind, day }: { readonly customerId: string; readonly kind: ByHand; readonly day: string },
): Promise<number> {
  const [row] = await tx.query<{ left_points: number }>(
    `SELECT COALESCE((SELECT points_per_day FROM points.hand_limit WHERE kind = $2 AND effective_from <= $3
         ORDER BY effective_from DESC LIMIT 1), 0)
       - COALESCE((SELECT sum(abs(points)) FROM points.manual_entry
         WHERE customer_id = $1 AND kind = $2 AND business_date = $3 AND approval_id IS NULL), 0)::bigint AS left_points`,
    [customerId, kind, day],
  );
  return row?.left_points ?? 0;
}

/** The reasons that there are for something, by their codes. */
export async function reasonsFor(
  reader: Pick<Tx, 'query'>,
  use: ByHand | 'FREEZE' | 'UNFREEZE',
): Promise<ReadonlyMap<string, string>> {
  const rows = await reader.query<{ code: string; label_en: string }>(
    'SELECT code, label_en FROM points.reason_code WHERE used_for = $1 ORDER BY code',
    [use],
  );
  return new Map(rows.map(({ code, label_en }) => [code, label_en]));
}
