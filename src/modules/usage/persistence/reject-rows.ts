import type { Tx } from '../../../platform/database/index.js';
import type { Kind } from '../domain/codes.js';
import type { IntakeLane } from '../domain/intake.js';
import type { RejectState } from '../domain/reject.js';

/** A refused record as it is shown: nothing in it says whose it is. */
export interface RejectRow {
  reject_id: string;
  source: string;
  kind: Kind;
  province: string;
  business_date: string;
  record_id: string | null;
  code: string;
  field: string | null;
  reason: string;
  first_seen: Date;
  last_seen: Date;
  attempts: number;
  state: RejectState;
  decided_at: Date | null;
  decided_by: string | null;
  decision: string | null;
  is_kept: boolean;
}

export const REJECT_COLUMNS = `r.reject_id, r.source, r.kind, r.province, r.business_date, r.record_id, r.code, r.field, r.reason,
  r.first_seen, r.last_seen, r.attempts, r.state, r.decided_at, r.decided_by, r.decision, r.sealed <> '' AS is_kept`;

/** Whose rejects somebody sees: of one source, of some provinces. */
export interface RejectsSeen {
  readonly source?: string | undefined;
  readonly provinces?: readonly string[] | undefined;
}

export interface RejectFilter {
  readonly ids?: readonly string[] | undefined;
  readonly source?: string | undefined;
  readonly kind?: Kind | undefined;
  readonly code?: string | undefined;
  readonly field?: string | undefined;
  readonly businessDate?: string | undefined;
}

/** A condition on rejects `r`, with the first of its eight parameters. */
export const chosen = (first: number): string => {
  const at = (nth: number): string => `$${first + nth}`;
  return `(${at(0)}::uuid[] IS NULL OR r.reject_id = ANY(${at(0)})) AND (${at(1)}::text IS NULL OR r.source = ${at(1)})
    AND (${at(2)}::text IS NULL OR r.kind = ${at(2)}) AND (${at(3)}::text IS NULL OR r.code = ${at(3)})
    AND (${at(4)}::text IS NULL OR r.field = ${at(4)}) AND (${at(5)}::date IS NULL OR r.business_date = ${at(5)})
    AND (${at(6)}::text IS NULL OR r.source = ${at(6)}) AND (${at(7)}::text[] IS NULL OR r.province = ANY(${at(7)}))`;
};

export const chosenBy = (filter: RejectFilter, seen: RejectsSeen): readonly unknown[] => [
  filter.ids ?? null, filter.source ?? null, filter.kind ?? null, filter.code ?? null, filter.field ?? null,
  filter.businessDate ?? null, seen.source ?? null, seen.provinces ?? null,
]; // prettier-ignore

/** An open reject that is sent again, with the envelope of its line (empty: it is no longer kept). */
export interface OpenReject {
  readonly reject_id: string;
  readonly source: string;
  readonly kind: Kind;
  readonly province: string;
  readonly business_date: string;
  readonly lane: IntakeLane;
  /** When its file was made; online: when it came. */
  readonly made_at: Date;
  readonly intake_id: string;
  readonly line_no: number;
  readonly sealed: Buffer;
}

export const lockOpenRejects = (
  tx: Tx,
  slice: { readonly from: string; readonly to: string },
  seenBefore: string,
  params: readonly unknown[],
): Promise<OpenReject[]> =>
  tx.query<OpenReject>(
    `SELECT r.reject_id, r.source, r.kind, r.province, r.business_date, r.intake_id, r.line_no, r.sealed,
       COALESCE(i.lane, 'normal') AS lane, COALESCE(f.created_at, r.first_seen) AS made_at
     FROM usage.reject r LEFT JOIN usage.intake i USING (intake_id) LEFT JOIN usage.intake_file f ON f.file_id = r.intake_id
     WHERE r.reject_id >= $1::uuid AND r.reject_id < $2::uuid AND r.state = 'OPEN' AND r.first_seen <= $3 AND ${chosen(4)}
     ORDER BY r.reject_id FOR UPDATE OF r`,
    [slice.from, slice.to, seenBefore, ...params],
  );

/** Decides an open reject, or opens a dismissed one again; says whether it was there to be decided. */
export async function decideReject(
  tx: Tx,
  rejectId: string,
  { from, to, by, at, reason }: { from: RejectState; to: RejectState; by: string; at: Date; reason: string | null },
): Promise<boolean> {
  const isOpen = to === 'OPEN';
  const decided = await tx.execute(
    `UPDATE usage.reject SET state = $3, decided_at = $4, decided_by = $5, decision = $6
     WHERE reject_id = $1 AND state = $2`,
    [rejectId, from, to, isOpen ? null : at, isOpen ? null : by, reason],
  );
  return decided === 1;
}
