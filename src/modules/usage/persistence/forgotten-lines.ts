import type { Tx } from '../../../platform/database/index.js';

/** Of files that were loaded the list of rejects has the lines, of those that were refused as a whole the lines have themselves. */
const REJECTED_BEFORE = `(
  SELECT FROM usage.reject WHERE last_seen < $1 AND sealed <> ''
  UNION ALL SELECT FROM usage.rejected_record WHERE rejected_at < $1 AND sealed <> '') AS kept`;
const HELD_BEFORE = 'usage.held_record WHERE held_at < $1';

const countOf = async (tx: Tx, what: string, before: Date): Promise<number> =>
  (await tx.query<{ n: number }>(`SELECT count(*) AS n FROM ${what}`, [before]))[0]?.n ?? 0;

export const countRejectedLines = (tx: Tx, before: Date): Promise<number> => countOf(tx, REJECTED_BEFORE, before);
export const countHeldLines = (tx: Tx, before: Date): Promise<number> => countOf(tx, HELD_BEFORE, before);

/** That they were refused, and why, stays. */
export async function forgetRejectedLines(tx: Tx, before: Date): Promise<number> {
  const listed = await tx.execute(`UPDATE usage.reject SET sealed = '' WHERE last_seen < $1 AND sealed <> ''`, [before]);
  const lines = await tx.execute(
    `UPDATE usage.rejected_record SET sealed = '' WHERE rejected_at < $1 AND sealed <> ''`,
    [before],
  );
  return listed + lines;
}

/** What has waited so long is refused after all, so that every record that came in is still accounted for. */
export async function refuseHeldLines(tx: Tx, before: Date): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    `WITH gone AS (
       DELETE FROM ${HELD_BEFORE} RETURNING intake_id, line_no, kind, source, record_id, reason, held_at
     ), refused AS (
       INSERT INTO usage.rejected_record (intake_id, line_no, kind, source, record_id, code, field, reason, sealed, rejected_at)
       SELECT intake_id, line_no, kind, source, record_id,
         CASE reason WHEN 'UNKNOWN_CUSTOMER' THEN 'E_UNKNOWN_ACCOUNT' WHEN 'UNKNOWN_REFERENCE' THEN 'E_REF'
           WHEN 'LATE' THEN 'E_LATE' ELSE 'E_DATE' END, NULL,
         'waited as long as records are kept', '', held_at
       FROM gone ON CONFLICT DO NOTHING
     )
     SELECT count(*) AS n FROM gone`,
    [before],
  );
  return row?.n ?? 0;
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
