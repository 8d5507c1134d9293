import type { Check } from '../ledger/check.js';

/** Of what bills have earned and waits for their payment. What each item of a bill has earned is asked by I18. */
export const checksOfEarning: readonly Check[] = [
  {
    id: 'I19',
    title: 'What waits for bills to be paid is what the accounts have pending',
    isTold: ({ pendingAgrees }) => pendingAgrees,
    sql: `
      SELECT customer_id, a.pending, l.pending AS waiting
      FROM (SELECT customer_id, pending FROM points.point_account WHERE pending > 0) a
      FULL JOIN (
        SELECT customer_id, sum(pending)::bigint AS pending FROM points.pending_lot WHERE pending > 0 GROUP BY customer_id) l
        USING (customer_id)
      WHERE a.pending IS DISTINCT FROM l.pending`,
  },
  {
    id: 'I19-bill',
    title: 'A paid bill is activated once: what waits was earned after the last activation of its bill',
    sql: `
      SELECT customer_id, source, bill_no, waiting, e.earned, e.activated
      FROM (
        SELECT customer_id, source, bill_no, sum(pending)::bigint AS waiting FROM points.pending_lot WHERE pending > 0
        GROUP BY customer_id, source, bill_no) l
      CROSS JOIN LATERAL (
        SELECT max(account_version) FILTER (WHERE kind <> 'ACTIVATION') AS earned,
          max(account_version) FILTER (WHERE kind = 'ACTIVATION') AS activated
        FROM points.journal j
        WHERE j.customer_id = l.customer_id AND j.source_system = l.source AND j.source_ref = l.bill_no
          AND j.kind IN ('EARN', 'EARN_CORRECTION', 'ACTIVATION')) e
      WHERE COALESCE(e.earned, 0) <= COALESCE(e.activated, 0)`,
  },
];
