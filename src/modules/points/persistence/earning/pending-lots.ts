import { derivedIdSql, withoutNestedLoops, type Tx } from '../../../../platform/database/index.js';
import { isInSlice } from '../../../../platform/queues/index.js';
import type { PointsType, Posting } from '../../domain/ledger/ledger.js';
import { intoOpenBooks } from '../ledger/closed-books.js';
import { post, type Posted } from '../ledger/posting-sql.js';

interface Activation {
  readonly from: string;
  readonly to: string;
  /** Payments until then count. */
  readonly paidBefore: Date;
  readonly businessDate: string;
  readonly recordedAt: Date;
  readonly runId: string;
}

export interface Activated extends Posted {
  /** What became usable; the entries themselves change nothing in all that a customer has. */
  readonly activated: number;
}

/**
 * Of each bill that is paid one entry, which makes its points usable; a debt is repaid first. What is activated bears the key of what
 * earned it last, and nothing earns twice under one key: so nothing is activated twice.
 */
const ACTIVATE = post(
  `
  settled AS (
    SELECT l.customer_id, l.source, l.bill_no, l.points_type, l.expires_on, l.funder_id, l.pending, l.cycle, l.earned_by, s.version,
      s.settled_at
    FROM points.pending_lot l
    JOIN usage.bills_between($1::uuid, $2::uuid, $3::timestamptz) s
      ON s.customer_id = l.customer_id AND s.source = l.source AND s.bill_no = l.bill_no AND s.has_bill AND s.settled_at IS NOT NULL
    JOIN points.point_account a ON a.customer_id = l.customer_id AND ${isInSlice('a')} AND a.status <> 'CLOSED'
    WHERE ${isInSlice('l')} AND l.pending > 0 AND l.customer_id = ANY($7::uuid[])
  ), bill AS (
    SELECT customer_id, source, bill_no, version, cycle, settled_at, sum(pending)::bigint AS points,
      'activate:' || max(earned_by COLLATE "C") AS idem_key
    FROM settled GROUP BY customer_id, source, bill_no, version, cycle, settled_at
  ), entry AS (
    SELECT b.customer_id, ${derivedIdSql('b.customer_id || b.idem_key')} AS journal_id,
      a.version + row_number() OVER bills AS account_version, 'ACTIVATION'::points.journal_kind AS kind, 0::bigint AS points,
      GREATEST(a.available - a.debt + sum(b.points) OVER bills, 0)::bigint AS available_after,
      (a.available - a.debt + sum(b.points) OVER bills - b.points)::bigint AS net_before, b.idem_key, NULL::text AS request_hash,
      b.settled_at AS occurred_at, $4::timestamptz AS recorded_at, $5::date AS business_date, NULL::text AS channel,
      NULL::text AS actor_id, b.source AS source_system, b.bill_no AS source_ref, NULL::uuid AS reverses_journal_id,
      NULL::int AS rule_set_version, $6::uuid AS run_id,
      jsonb_build_object('cycle', to_char(b.cycle, 'YYYY-MM'), 'version', b.version, 'activated', b.points) AS metadata
    FROM bill b JOIN points.point_account a ON a.customer_id = b.customer_id AND ${isInSlice('a')}
    WINDOW bills AS (PARTITION BY b.customer_id ORDER BY b.cycle, b.source, b.bill_no ROWS UNBOUNDED PRECEDING)
  ), lot_line AS (
    SELECT e.customer_id, e.journal_id, e.business_date, s.pending AS points, s.expires_on, s.points_type, s.funder_id,
      row_number() OVER lots AS nth, e.net_before + sum(s.pending) OVER lots - s.pending AS net_before
    FROM entry e JOIN settled s
      ON s.customer_id = e.customer_id AND s.source = e.source_system AND s.bill_no = e.source_ref
    WINDOW lots AS (PARTITION BY e.customer_id, e.journal_id ORDER BY s.expires_on, s.points_type, s.funder_id ROWS UNBOUNDED PRECEDING)
  ), line AS (
    SELECT customer_id, journal_id, (nth * 2)::smallint AS line, business_date, 'CUST_PENDING'::points.account_code AS debit,
      'CUST_AVAILABLE'::points.account_code AS credit, points, expires_on, points_type, funder_id
    FROM lot_line
    UNION ALL
    SELECT customer_id, journal_id, nth * 2 + 1, business_date, 'CUST_AVAILABLE', 'CUST_DEBT', LEAST(points, -net_before)::bigint,
      expires_on, points_type, funder_id
    FROM lot_line WHERE net_before < 0
  ), emptied AS (
    UPDATE points.pending_lot l SET pending = 0 FROM settled s
    WHERE l.customer_id = s.customer_id AND l.source = s.source AND l.bill_no = s.bill_no AND l.points_type = s.points_type
      AND l.expires_on = s.expires_on AND l.funder_id = s.funder_id AND ${isInSlice('l')}
  )`,
  'COALESCE((SELECT sum(points) FROM bill), 0)::bigint AS activated',
  isInSlice,
);

/** Makes the points of a slice of customers usable whose bills are paid. */
export async function activatePendingLots(tx: Tx, asked: Activation): Promise<Activated> {
  const { from, to, paidBefore, businessDate, recordedAt, runId } = asked;
  // Only of whom it holds: of others somebody else may move the account.
  const [held] = await tx.query<{ customers: readonly string[] }>(
    `SELECT COALESCE(array_agg(customer_id), '{}') AS customers FROM (
       SELECT customer_id FROM points.point_account a
       WHERE ${isInSlice('a')} AND customer_id IN (SELECT customer_id FROM points.pending_lot l WHERE ${isInSlice('l')} AND l.pending > 0)
       ORDER BY customer_id FOR UPDATE) held`,
    [from, to],
  );
  const params = [from, to, paidBefore, recordedAt, businessDate, runId, held?.customers ?? []];
  const [activated] = await withoutNestedLoops(tx, () => intoOpenBooks(tx.query<Activated>(ACTIVATE, params)));
  if (!activated) throw new Error('What was posted is counted');
  return activated;
}

/**
 * Empties what waits of a customer whose account the caller has locked, as when the account closes. The postings must be part of the
 * entry that the caller appends: they forfeit what has waited.
 */
export async function forfeitPendingLots(tx: Tx, customerId: string): Promise<readonly Posting[]> {
  const lots = await tx.query<{ expires_on: string; points_type: PointsType; funder_id: string; points: number }>(
    `WITH open AS (
       SELECT * FROM points.pending_lot WHERE customer_id = $1 AND pending > 0
     ), emptied AS (
       UPDATE points.pending_lot l SET pending = 0 FROM open o
       WHERE l.customer_id = $1 AND l.source = o.source AND l.bill_no = o.bill_no AND l.points_type = o.points_type
         AND l.expires_on = o.expires_on AND l.funder_id = o.funder_id
     )
     SELECT expires_on, points_type, funder_id, sum(pending)::bigint AS points FROM open
     GROUP BY expires_on, points_type, funder_id ORDER BY expires_on, points_type, funder_id`,
    [customerId],
  );
  return lots.map(({ expires_on, points_type, funder_id, points }) => ({
    debit: 'CUST_PENDING',
    credit: 'CLOSED_FORFEIT',
    points,
    lot: { expiresOn: expires_on, pointsType: points_type, funderId: funder_id },
  }));
}
