import { PER_MONTH } from '../../domain/transfers/transfer.js';
import { BESIDE } from '../proof/fingerprint.js';
import type { Check } from '../ledger/check.js';

/** What customers gave each other (PTS-21). */
export const checksOfTransfers: readonly Check[] = [
  {
    id: 'I14',
    title: 'A transfer brings the payee what it took from the payer: the same class, last day and funder',
    sql: `
      WITH transit AS (
        SELECT customer_id, journal_id, expires_on, points_type, funder_id,
          sum(CASE WHEN credit = 'IN_TRANSIT' THEN points ELSE 0 END)::bigint AS given,
          sum(CASE WHEN debit = 'IN_TRANSIT' THEN points ELSE 0 END)::bigint AS received
        FROM points.posting WHERE ${BESIDE} AND 'IN_TRANSIT' IN (debit, credit)
        GROUP BY customer_id, journal_id, expires_on, points_type, funder_id
      ), leg AS (
        SELECT customer_id, transfer_id, out_journal_id AS journal_id FROM points.transfer WHERE status = 'DONE'
        UNION ALL
        SELECT payee_id, transfer_id, in_journal_id FROM points.transfer WHERE status = 'DONE'
      )
      SELECT leg.transfer_id, t.expires_on, t.points_type, t.funder_id, sum(t.given)::bigint AS given, sum(t.received)::bigint AS received
      FROM leg FULL JOIN transit t USING (customer_id, journal_id)
      GROUP BY leg.transfer_id, t.expires_on, t.points_type, t.funder_id
      HAVING leg.transfer_id IS NULL OR sum(t.given) IS DISTINCT FROM sum(t.received)`,
  },
  {
    id: 'I14-points',
    title: 'A transfer moved as many points as it says, and both statements say the same',
    sql: `
      SELECT t.customer_id, t.transfer_id, t.points, o.points AS given, i.points AS received
      FROM points.transfer t
      LEFT JOIN points.journal o ON o.customer_id = t.customer_id AND o.journal_id = t.out_journal_id AND o.kind = 'TRANSFER_OUT'
      LEFT JOIN points.journal i ON i.customer_id = t.payee_id AND i.journal_id = t.in_journal_id AND i.kind = 'TRANSFER_IN'
      WHERE t.status = 'DONE' AND (o.points, i.points) IS DISTINCT FROM (-t.points, t.points)`,
  },
  {
    id: 'I14-month',
    title: `Nobody gave or received more than ${PER_MONTH} points in a month`,
    sql: `
      SELECT customer_id, month, given, received
      FROM (
        SELECT customer_id, date_trunc('month', business_date)::date AS month, sum(given)::bigint AS given, sum(received)::bigint AS received
        FROM (
          SELECT customer_id, business_date, points AS given, 0 AS received FROM points.transfer WHERE status = 'DONE'
          UNION ALL
          SELECT payee_id, business_date, 0, points FROM points.transfer WHERE status = 'DONE'
        ) done GROUP BY 1, 2
      ) summed
      WHERE given > ${PER_MONTH} OR received > ${PER_MONTH}`,
  },
  {
    id: 'I7-transfer',
    title: 'What is held for a transfer is under review, and what has ended holds nothing',
    sql: `
      SELECT customer_id, hold_id, h.points AS held, t.points, t.status
      FROM points.point_hold h LEFT JOIN points.transfer t USING (customer_id, hold_id)
      WHERE h.purpose = 'TRANSFER' AND h.state = 'HELD' AND (t.status, t.points) IS DISTINCT FROM ('HELD', h.points)`,
  },
];
