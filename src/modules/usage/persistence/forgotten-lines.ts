import type { Tx } from '../../../platform/database/index.js';
import type { Kind } from '../domain/codes.js';

/** Of files that were loaded the list of rejects has the lines, of those that were refused as a whole the lines have themselves. */
const REJECTED_BEFORE = `(
  SELECT FROM usage.reject WHERE last_seen < $1 AND sealed <> ''
  UNION ALL SELECT FROM usage.rejected_record WHERE rejected_at < $1 AND sealed <> '') AS kept`;
const WAITED_TOO_LONG = 'waited as long as records are kept';
const HELD_BEFORE = 'usage.held_record WHERE held_at < $1';

const countOf = async (tx: Tx, what: string, before: Date): Promise<number> =>
  (await tx.query<{ n: number }>(`SELECT count(*) AS n FROM ${what}`, [before]))[0]?.n ?? 0;

export const countRejectedLines = (tx: Tx, before: Date): Promise<number> => countOf(tx, REJECTED_BEFORE, before);
export const countHeldLines = (tx: Tx, before: Date): Promise<number> => countOf(tx, HELD_BEFORE, before);

/** That they were refused, and why, stays. */
export async function forgetRejectedLines(tx: Tx, before: Date): Promise<number> {
  const listed = await tx.execute(`UPDATE usage.reject SET sealed = '' WHERE last_seen < $1 AND sealed <> ''`, [
    before,
  ]);
  const lines = await tx.execute(
    `UPDATE usage.rejected_record SET sealed = '' WHERE rejected_at < $1 AND sealed <> ''`,
    [before],
  );
  return listed + lines;
}

/** What a record that has waited too long, or is given up, is refused with. */
const CODE_OF_WAITING = `CASE reason WHEN 'UNKNOWN_CUSTOMER' THEN 'E_UNKNOWN_ACCOUNT' WHEN 'UNKNOWN_REFERENCE' THEN 'E_REF'
  WHEN 'LATE' THEN 'E_LATE' ELSE 'E_DATE' END`;

export interface ExpiredFeed {
  readonly source: string;
  readonly kind: Kind;
  readonly records: number;
}

/**
 * What has waited so long is refused after all, and stands on the list of rejects, so that every record that came in is accounted
 * for. Its line is not kept: it was as long as it may be.
 */
export const refuseHeldLines = (tx: Tx, before: Date): Promise<ExpiredFeed[]> =>
  tx.query<ExpiredFeed & Record<string, unknown>>(
    `WITH gone AS (
       DELETE FROM ${HELD_BEFORE} RETURNING intake_id, line_no, kind, source, record_id, reason, held_at
     ), refused AS (
       SELECT gone.*, ${CODE_OF_WAITING} AS code, md5(intake_id || '/' || line_no)::uuid AS reject_id,
         COALESCE(i.province, '000000') AS province,
         COALESCE(i.business_date, (held_at AT TIME ZONE 'Asia/Shanghai')::date) AS business_date
       FROM gone LEFT JOIN usage.intake i USING (intake_id, source, kind)
     ), line AS (
       INSERT INTO usage.rejected_record (intake_id, line_no, kind, source, record_id, code, field, reason, sealed, rejected_at,
         reject_id)
       SELECT intake_id, line_no, kind, source, record_id, code, NULL, '${WAITED_TOO_LONG}', '', held_at, reject_id
       FROM refused ON CONFLICT DO NOTHING
     ), listed AS (
       INSERT INTO usage.reject (reject_id, source, kind, content_key, province, business_date, record_id, code, reason,
         first_seen, last_seen, attempts, intake_id, line_no, sealed)
       SELECT reject_id, source, kind, uuid_send(reject_id), province, business_date, record_id, code, '${WAITED_TOO_LONG}',
         held_at, held_at, 1, intake_id, line_no, ''
       FROM refused ON CONFLICT DO NOTHING
     )
     SELECT source, kind, count(*) AS records FROM refused GROUP BY source, kind ORDER BY source, kind`,
    [before],
  );

export interface WaitingRecord {
  readonly source: string;
  readonly kind: Kind;
  readonly recordId: string;
  readonly version: number;
}

/** Gives one record up that waits; answers the line that it was, `undefined` when it waits no longer. */
export async function giveUpHeld(
  tx: Tx,
  { source, kind, recordId, version }: WaitingRecord,
): Promise<{ readonly intakeId: string; readonly lineNo: number } | undefined> {
  const [row] = await tx.query<{ intakeId: string; lineNo: number }>(
    `WITH gone AS (
       DELETE FROM usage.held_record WHERE source = $1 AND kind = $2 AND record_id = $3 AND version = $4
       RETURNING intake_id, line_no, kind, source, record_id, reason, held_at, sealed
     )
     INSERT INTO usage.rejected_record (intake_id, line_no, kind, source, record_id, code, field, reason, sealed, rejected_at)
     SELECT intake_id, line_no, kind, source, record_id, ${CODE_OF_WAITING}, NULL, 'given up while it waited', sealed, held_at
     FROM gone RETURNING intake_id AS "intakeId", line_no AS "lineNo"`,
    [source, kind, recordId, version],
  );
  return row;
}

/**
 * What was said of the customer's numbers keeps its times only: of each number an ordinal is left, which tells its suspensions
 * from those of another one. The hash 0 stands for whatever was said (`FORGOTTEN` in subscription-store.ts).
 */
export const forgetSubscriptionRecords = (tx: Tx, customerId: string): Promise<number> =>
  tx.execute(
    `UPDATE usage.subscription_record r SET content_hash = 0, msisdn_index = n.ordinal
     FROM (
       SELECT msisdn_index, int4send((row_number() OVER (ORDER BY min(recorded_at), msisdn_index))::int) AS ordinal
       FROM usage.subscription_record WHERE customer_id = $1 GROUP BY msisdn_index
     ) n
     WHERE r.customer_id = $1 AND r.msisdn_index = n.msisdn_index`,
    [customerId],
  );
