import { derivedIdSql, type Tx } from '../../../../platform/database/index.js';
import type { Population } from '../../../../platform/queues/index.js';
import { ExpiryNotified } from '../../domain/ledger/events.js';
import { NOTICE_DAYS, type NoticeWords } from '../../domain/expiry/expiry.js';
import { post, type Posted } from '../ledger/posting-sql.js';

/** What a run clears (清零批次), or would clear: all lots whose last day is before `expires_before`. It is named after its run. */
export interface ExpiryBatch {
  readonly batch_id: string;
  readonly is_preview: boolean;
  readonly as_of: string;
  readonly expires_before: string;
  readonly finished_at: Date | null;
  readonly reversal_run_id: string | null;
  readonly usable_until: string | null;
  readonly reversed_at: Date | null;
}

/** Begins a batch; the grace (宽限期) is that of the rules in force on its day, `expiryGraceDays`, and none where they name none. */
export async function beginBatch(
  tx: Tx,
  batch: { readonly batchId: string; readonly isPreview: boolean; readonly asOf: string; readonly at: Date },
): Promise<void> {
  await tx.execute(
    `INSERT INTO points.expiry_batch (batch_id, is_preview, as_of, grace_days, expires_before, started_at)
     SELECT $1::uuid, $2::boolean, $3::date, days, $3::date - days, $4::timestamptz
     FROM (SELECT COALESCE((SELECT (rules ->> 'expiryGraceDays')::int FROM points.earn_rule_set
       WHERE $3::date >= effective_from AND $3::date < effective_to), 0) AS days) grace`,
    [batch.batchId, batch.isPreview, batch.asOf, batch.at],
  );
}

/** @param lock nobody else changes it until the end of the transaction. */
export async function batchOf(
  reader: Pick<Tx, 'query'>,
  batchId: string,
  lock = false,
): Promise<ExpiryBatch | undefined> {
  const [batch] = await reader.query<ExpiryBatch>(
    `SELECT * FROM points.expiry_batch WHERE batch_id = $1 ${lock ? 'FOR UPDATE' : ''}`,
    [batchId],
  );
  return batch;
}

/** The batch that a run has begun. */
export async function begunBatch(tx: Tx, batchId: string): Promise<ExpiryBatch> {
  const batch = await batchOf(tx, batchId);
  if (!batch) throw new Error('a run works on a batch that it has begun');
  return batch;
}

export async function endBatch(tx: Tx, batchId: string, at: Date): Promise<void> {
  await tx.execute('UPDATE points.expiry_batch SET finished_at = $2 WHERE batch_id = $1', [batchId, at]);
}

/** Whoever has a lot that the batch is about. */
export const ownersOfDueLots = (batchId: string): Population => ({
  sql: `SELECT DISTINCT b.customer_id FROM points.point_bucket b
        WHERE b.remaining > 0 AND b.expires_on < (SELECT expires_before FROM points.expiry_batch WHERE batch_id = $1)`,
  params: [batchId],
});

interface Part {
  readonly batchId: string;
  readonly from: string;
  readonly to: string;
  readonly expiresBefore: string;
}

/** Adds the relation `due` to the sums of the batch, whose id is the parameter. The order keeps two slices from waiting for each other. */
const summedUp = (batchId: string): string => `
  summed AS (
    INSERT INTO points.expiry_sum AS s (batch_id, points_type, region, expires_on, lots, points)
    SELECT ${batchId}::uuid, d.points_type, COALESCE(p.region, ''), d.expires_on, count(*), sum(d.points)::bigint
    FROM due d LEFT JOIN customers.profile p ON p.customer_id = d.customer_id
    GROUP BY d.points_type, COALESCE(p.region, ''), d.expires_on
    ORDER BY d.points_type, COALESCE(p.region, ''), d.expires_on
    ON CONFLICT (batch_id, points_type, region, expires_on)
    DO UPDATE SET lots = s.lots + excluded.lots, points = s.points + excluded.points
  )`;

/** Adds up what is due in a slice of customers, and posts nothing. */
export async function previewSlice(tx: Tx, { batchId, from, to, expiresBefore }: Part): Promise<Cleared> {
  const [found] = await tx.query<Cleared>(
    `WITH due AS MATERIALIZED (
       SELECT customer_id, expires_on, points_type, remaining AS points FROM points.point_bucket
       WHERE customer_id >= $1 AND customer_id < $2 AND remaining > 0 AND expires_on < $3
     ), ${summedUp('$4')}
     SELECT count(DISTINCT customer_id) AS customers, count(*) AS lots, COALESCE(sum(points), 0)::bigint AS points FROM due`,
    [from, to, expiresBefore, batchId],
  );
  return found ?? NOTHING;
}

export interface Cleared {
  readonly customers: number;
  readonly lots: number;
  readonly points: number;
}

const NOTHING: Cleared = { customers: 0, lots: 0, points: 0 };

/** How a run signs what it posts. */
interface Signature {
  readonly runId: string;
  readonly at: Date;
  readonly businessDate: string;
}

/** Of a lot only what is available goes: what is held waits for its hold. One entry for each lot, so that each can be given back. */
const CLEAR = post(
  `due AS MATERIALIZED (
    SELECT b.customer_id, b.expires_on, b.points_type, b.funder_id, b.remaining AS points, a.version, a.available,
      'exp:' || b.expires_on || ':' || b.points_type || ':' || b.funder_id || ':' || $3::uuid AS idem_key
    FROM points.point_bucket b JOIN points.point_account a USING (customer_id)
    WHERE b.customer_id = ANY($1::uuid[]) AND b.remaining > 0 AND b.expires_on < $2::date
  ),
  ${summedUp('$3')},
  entry AS (
    SELECT customer_id, ${derivedIdSql('customer_id || idem_key')} AS journal_id, version + row_number() OVER lots AS account_version,
      'EXPIRY'::points.journal_kind AS kind, -points AS points, (available - sum(points) OVER lots)::bigint AS available_after,
      idem_key, NULL::text AS request_hash, $4::timestamptz AS occurred_at, $4::timestamptz AS recorded_at,
      $5::date AS business_date, NULL::text AS channel, NULL::text AS actor_id, NULL::text AS source_system,
      NULL::text AS source_ref, NULL::uuid AS reverses_journal_id, NULL::integer AS rule_set_version, $3::uuid AS run_id,
      jsonb_build_object('expiredOn', expires_on) AS metadata, expires_on, points_type, funder_id
    FROM due
    WINDOW lots AS (PARTITION BY customer_id ORDER BY expires_on, points_type, funder_id ROWS UNBOUNDED PRECEDING)
  ),
  line AS (
    SELECT customer_id, journal_id, 1::smallint AS line, business_date, 'CUST_AVAILABLE'::points.account_code AS debit,
      'BREAKAGE'::points.account_code AS credit, -points AS points, expires_on, points_type, funder_id
    FROM entry
  )`,
  '(SELECT count(DISTINCT customer_id) FROM due) AS customers',
);

/** Clears what is due in a slice of customers; a lot that somebody has used or cleared meanwhile is no longer due. */
export async function clearSlice(tx: Tx, part: Part & Signature): Promise<Cleared> {
  const locked = await tx.query<{ customer_id: string }>(
    `SELECT a.customer_id FROM points.point_account a
     WHERE a.customer_id >= $1 AND a.customer_id < $2 AND EXISTS (
       SELECT FROM points.point_bucket b WHERE b.customer_id = a.customer_id AND b.remaining > 0 AND b.expires_on < $3)
     ORDER BY a.customer_id FOR UPDATE`,
    [part.from, part.to, part.expiresBefore],
  );
  if (locked.length === 0) return NOTHING;
  // A statement of its own: it sees what those have left that held these locks.
  const [posted] = await tx.query<Posted & { readonly customers: number }>(CLEAR, [
    locked.map(({ customer_id }) => customer_id),
    part.expiresBefore,
    part.batchId,
    part.at,
    part.businessDate,
  ]);
  return posted ? { customers: posted.customers, lots: posted.entries, points: -posted.points } : NOTHING;
}

/** The batch that a run is to give back, as it was approved; none when nobody has approved it. */
export async function batchToGiveBack(
  reader: Pick<Tx, 'query'>,
  reversalRunId: string,
): Promise<(ExpiryBatch & { readonly usable_until: string }) | undefined> {
  const [batch] = await reader.query<ExpiryBatch & { readonly usable_until: string }>(
    'SELECT * FROM points.expiry_batch WHERE reversal_run_id = $1',
    [reversalRunId],
  );
  return batch;
}

/** Whoever has lost points in the batch that a run is to give back. */
export const losersOf = (reversalRunId: string): Population => ({
  sql: `SELECT DISTINCT j.customer_id FROM points.expiry_batch b
        JOIN points.journal j ON j.run_id = b.batch_id AND j.business_date = b.as_of AND j.kind = 'EXPIRY'
        WHERE b.reversal_run_id = $1`,
  params: [reversalRunId],
});

/**
 * Points keep their class and funder, and get the last day that was agreed. Who has come to owe meanwhile repays first, with
 * what was to end first; who has left gets nothing.
 */
const GIVE_BACK = post(`
  due AS MATERIALIZED (
    SELECT e.customer_id, e.journal_id AS cleared_by, p.expires_on, p.points_type, p.funder_id, p.points, a.version, a.available, a.debt,
      'exp-back:' || e.journal_id AS idem_key
    FROM points.journal e
    JOIN points.posting p
      ON p.customer_id = e.customer_id AND p.journal_id = e.journal_id AND p.business_date = e.business_date
    JOIN points.point_account a ON a.customer_id = e.customer_id AND a.status = 'ACTIVE'
    WHERE e.customer_id = ANY($1::uuid[]) AND e.run_id = $2 AND e.business_date = $3 AND e.kind = 'EXPIRY'
      AND NOT EXISTS (
        SELECT FROM points.journal r WHERE r.customer_id = e.customer_id AND r.reverses_journal_id = e.journal_id)
  ),
  entry AS (
    SELECT customer_id, ${derivedIdSql('customer_id || idem_key')} AS journal_id, version + row_number() OVER lots AS account_version,
      'EXPIRY_REVERSAL'::points.journal_kind AS kind, points,
      GREATEST(available - debt + sum(points) OVER lots, 0)::bigint AS available_after,
      idem_key, NULL::text AS request_hash, $5::timestamptz AS occurred_at, $5::timestamptz AS recorded_at,
      $6::date AS business_date, NULL::text AS channel, NULL::text AS actor_id, NULL::text AS source_system,
      NULL::text AS source_ref, cleared_by AS reverses_journal_id, NULL::integer AS rule_set_version, $7::uuid AS run_id,
      jsonb_build_object('usableUntil', $4::date) AS metadata,
      (available - debt + sum(points) OVER lots - points)::bigint AS net_before, points_type, funder_id
    FROM due
    WINDOW lots AS (PARTITION BY customer_id ORDER BY expires_on, points_type, funder_id ROWS UNBOUNDED PRECEDING)
  ),
  line AS (
    SELECT customer_id, journal_id, 1::smallint AS line, business_date, 'BREAKAGE'::points.account_code AS debit,
      'CUST_AVAILABLE'::points.account_code AS credit, points, $4::date AS expires_on, points_type, funder_id
    FROM entry
    UNION ALL
    SELECT customer_id, journal_id, 2, business_date, 'CUST_AVAILABLE', 'CUST_DEBT', LEAST(points, -net_before), $4::date,
      points_type, funder_id
    FROM entry WHERE net_before < 0
  )`);

/** Gives back what the batch has taken from a slice of customers; what is back already stays as it is. */
export async function giveBackSlice(
  tx: Tx,
  part: Omit<Part, 'expiresBefore'> & Signature & { readonly clearedOn: string; readonly usableUntil: string },
): Promise<Pick<Cleared, 'lots' | 'points'>> {
  const locked = await tx.query<{ customer_id: string }>(
    `SELECT a.customer_id FROM points.point_account a
     WHERE a.customer_id >= $1 AND a.customer_id < $2 AND a.customer_id IN (
       SELECT customer_id FROM points.journal
       WHERE customer_id >= $1 AND customer_id < $2 AND run_id = $3 AND business_date = $4 AND kind = 'EXPIRY')
     ORDER BY a.customer_id FOR UPDATE`,
    [part.from, part.to, part.batchId, part.clearedOn],
  );
  if (locked.length === 0) return { lots: 0, points: 0 };
  const [posted] = await tx.query<Posted>(GIVE_BACK, [
    locked.map(({ customer_id }) => customer_id),
    part.batchId,
    part.clearedOn,
    part.usableUntil,
    part.at,
    part.businessDate,
    part.runId,
  ]);
  return { lots: posted?.entries ?? 0, points: posted?.points ?? 0 };
}

const [FIRST_NOTICE] = NOTICE_DAYS;
const NEAREST_NOTICE = `CASE ${[...NOTICE_DAYS]
  .reverse()
  .map((days) => `WHEN b.expires_on <= $3::date + ${days} THEN ${days}`)
  .join(' ')} END`;

/** Whose points end within the time of the first notice. */
export const ownersOfEndingLots = (asOf: string): Population => ({
  sql: `SELECT DISTINCT customer_id FROM points.point_bucket
        WHERE remaining > 0 AND expires_on BETWEEN $1::date AND $1::date + ${FIRST_NOTICE}`,
  params: [asOf],
});

/**
 * Notes whom to tell, of all points of a last day together, and says so. A day on which nobody looked is made up for by the nearest
 * notice alone; who was told already is not told again.
 */
export async function notifySlice(
  tx: Tx,
  slice: {
    readonly from: string;
    readonly to: string;
    readonly asOf: string;
    readonly at: Date;
    readonly runId: string;
  },
): Promise<{ readonly notices: number; readonly points: number }> {
  const [told] = await tx.query<{ notices: number; points: number }>(
    `WITH due AS MATERIALIZED (
       SELECT b.customer_id, b.expires_on, ${NEAREST_NOTICE} AS days_before, sum(b.remaining)::bigint AS points
       FROM points.point_bucket b
       JOIN customers.profile p ON p.customer_id = b.customer_id AND p.archive = 'in-network'
       WHERE b.customer_id >= $1 AND b.customer_id < $2 AND b.remaining > 0
         AND b.expires_on BETWEEN $3::date AND $3::date + ${FIRST_NOTICE}
       GROUP BY b.customer_id, b.expires_on
     ), told AS (
       INSERT INTO points.expiry_notice (customer_id, expires_on, days_before, notice_id, points, run_id, noticed_on, noticed_at)
       SELECT customer_id, expires_on, days_before, ${derivedIdSql(`customer_id || ':' || expires_on || ':' || days_before`)},
         points, $5::uuid, $3::date, $4::timestamptz
       FROM due
       ON CONFLICT (customer_id, expires_on, days_before) DO NOTHING
       RETURNING customer_id, expires_on, days_before, notice_id, points
     ), published AS (
       INSERT INTO platform.outbox (name, customer_id, payload, occurred_at, recorded_at)
       SELECT '${ExpiryNotified.name}', customer_id, jsonb_build_object('customerId', customer_id, 'noticeId', notice_id,
         'expiresOn', expires_on, 'daysBefore', days_before, 'points', points), $4::timestamptz, $4::timestamptz
       FROM told ORDER BY customer_id, expires_on
     )
     SELECT count(*) AS notices, COALESCE(sum(points), 0)::bigint AS points FROM told`,
    [slice.from, slice.to, slice.asOf, slice.at, slice.runId],
  );
  return told ?? { notices: 0, points: 0 };
}

/** By the days before the last one. */
export async function noticeTemplates(reader: Pick<Tx, 'query'>): Promise<ReadonlyMap<number, NoticeWords>> {
  const rows = await reader.query<NoticeWords & { days_before: number }>(
    'SELECT days_before, zh, en FROM points.expiry_notice_template',
  );
  return new Map(rows.map(({ days_before, zh, en }) => [days_before, { zh, en }]));
}
