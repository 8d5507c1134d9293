import type { Check } from '../ledger/check.js';
import { BESIDE } from '../proof/fingerprint.js';

/** Points are cleared when their time has come, neither before nor after (LEDGER I10), and what is given back was cleared. */
export const checksOfExpiry: readonly Check[] = [
  {
    id: 'I10-early',
    title: 'Nothing was cleared before its last day and its grace had passed',
    from: 'since',
    sql: `
      SELECT p.customer_id, p.journal_id, p.expires_on, p.business_date, b.expires_before
      FROM (SELECT * FROM points.posting WHERE ${BESIDE} AND debit = 'CUST_AVAILABLE' AND credit = 'BREAKAGE') p
      JOIN points.journal j USING (customer_id, journal_id)
      LEFT JOIN points.expiry_batch b ON b.batch_id = j.run_id AND NOT b.is_preview
      WHERE j.kind = 'EXPIRY' AND j.recorded_at >= $1
        AND (b.batch_id IS NULL OR p.expires_on >= b.expires_before OR b.expires_before > p.business_date)`,
  },
  {
    // What came into a lot after the last clearing had begun is cleared by the next one.
    id: 'I10-late',
    title: 'Nothing that the last clearing should have cleared is left',
    sql: `
      SELECT l.customer_id, l.expires_on, l.points_type, l.funder_id, l.remaining, m.expires_before
      FROM points.point_bucket l
      JOIN (
        SELECT expires_before, started_at FROM points.expiry_batch WHERE NOT is_preview AND finished_at IS NOT NULL
        ORDER BY expires_before DESC, started_at DESC LIMIT 1
      ) m ON l.expires_on < m.expires_before
      WHERE l.remaining > 0 AND NOT EXISTS (
        SELECT FROM points.posting p JOIN points.journal j USING (customer_id, journal_id, business_date)
        WHERE p.customer_id = l.customer_id AND p.expires_on = l.expires_on AND p.points_type = l.points_type
          AND p.funder_id = l.funder_id AND p.credit = 'CUST_AVAILABLE' AND j.recorded_at >= m.started_at)`,
  },
  {
    id: 'I10-back',
    title: 'What was given back of cleared points is what was cleared, once',
    sql: `
      SELECT r.customer_id, r.reverses_journal_id, count(*) AS times, sum(p.points)::bigint AS returned, max(-o.points) AS cleared
      FROM (
        SELECT customer_id, journal_id, sum(points) AS points FROM points.posting WHERE ${BESIDE} AND debit = 'BREAKAGE'
        GROUP BY customer_id, journal_id) p
      JOIN points.journal r USING (customer_id, journal_id)
      LEFT JOIN points.journal o ON o.customer_id = r.customer_id AND o.journal_id = r.reverses_journal_id AND o.kind = 'EXPIRY'
      WHERE r.kind = 'EXPIRY_REVERSAL'
      GROUP BY r.customer_id, r.reverses_journal_id
      HAVING count(*) > 1 OR sum(p.points) IS DISTINCT FROM max(-o.points)`,
  },
];
