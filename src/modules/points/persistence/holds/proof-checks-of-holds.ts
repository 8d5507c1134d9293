import type { Check } from '../ledger/check.js';
import { BESIDE } from '../proof/fingerprint.js';
import { movedInto } from '../ledger/posting-sql.js';

/** What the entries that move CUST_HELD do, beside what the holds say that they do. */
const SAID_BY_HOLDS = `
  SELECT customer_id, journal_id, sum(held)::bigint AS held, sum(captured)::bigint AS captured, sum(released)::bigint AS released
  FROM (
    SELECT customer_id, authorised_by AS journal_id, points AS held, 0 AS captured, 0 AS released FROM points.point_hold
    UNION ALL
    SELECT customer_id, ended_by, 0, captured, released FROM points.point_hold WHERE state <> 'HELD'
  ) h GROUP BY customer_id, journal_id`;

const POSTED = `
  SELECT customer_id, journal_id,
    COALESCE(sum(points) FILTER (WHERE credit = 'CUST_HELD'), 0)::bigint AS held,
    COALESCE(sum(points) FILTER (WHERE debit = 'CUST_HELD' AND credit <> 'CUST_AVAILABLE'), 0)::bigint AS captured,
    COALESCE(sum(points) FILTER (WHERE debit = 'CUST_HELD' AND credit = 'CUST_AVAILABLE'), 0)::bigint AS released
  FROM points.posting WHERE ${BESIDE} AND 'CUST_HELD' IN (debit, credit) GROUP BY customer_id, journal_id`;

/** Invariants of holds and of what merchants took (PTS-20, MER-03). Each query yields one row per violation. */
export const checksOfHolds: readonly Check[] = [
  {
    id: 'I6-return',
    title: 'No more is given back than was taken, class by class and funder by funder',
    sql: `
      SELECT customer_id, r.journal_id, r.points_type, r.funder_id, r.returned, COALESCE(t.taken, 0) AS taken
      FROM (
        SELECT j.customer_id, j.reverses_journal_id AS journal_id, p.debit AS code, p.points_type, p.funder_id,
          sum(p.points)::bigint AS returned
        FROM points.journal j JOIN points.posting p USING (customer_id, journal_id)
        WHERE j.reverses_journal_id IS NOT NULL AND j.kind IN ('RETURN', 'PAYMENT_REVERSAL') AND p.debit IN ('POS_CLEARING', 'REDEEMED_PAYMENT')
        GROUP BY j.customer_id, j.reverses_journal_id, p.debit, p.points_type, p.funder_id
      ) r
      LEFT JOIN (
        SELECT customer_id, journal_id, credit AS code, points_type, funder_id, sum(points)::bigint AS taken
        FROM (
          SELECT DISTINCT customer_id, reverses_journal_id AS journal_id FROM points.journal
          WHERE reverses_journal_id IS NOT NULL AND kind IN ('RETURN', 'PAYMENT_REVERSAL')
        ) reversed
        JOIN points.posting USING (customer_id, journal_id) WHERE credit IN ('POS_CLEARING', 'REDEEMED_PAYMENT')
        GROUP BY customer_id, journal_id, credit, points_type, funder_id
      ) t USING (customer_id, journal_id, code, points_type, funder_id)
      WHERE r.returned > COALESCE(t.taken, 0)`,
  },
  {
    id: 'I7',
    title: 'A hold is opened once and ends once; what was captured and released is what was authorised',
    sql: `
      SELECT customer_id, journal_id, s.held AS said_held, p.held, s.captured AS said_captured, p.captured,
        s.released AS said_released, p.released
      FROM (${SAID_BY_HOLDS}) s FULL JOIN (${POSTED}) p USING (customer_id, journal_id)
      WHERE (s.held, s.captured, s.released) IS DISTINCT FROM (p.held, p.captured, p.released)`,
  },
  {
    id: 'I7-open',
    title: 'What an account holds is in its open holds',
    isTold: ({ holdsAgree }) => holdsAgree,
    sql: `
      SELECT customer_id, a.held, h.points AS in_holds
      FROM (SELECT customer_id, held FROM points.point_account WHERE held <> 0) a
      FULL JOIN (
        SELECT customer_id, sum(points)::bigint AS points FROM points.point_hold WHERE state = 'HELD' GROUP BY customer_id) h
        USING (customer_id)
      WHERE a.held IS DISTINCT FROM h.points`,
  },
  {
    id: 'I9',
    title: 'Of days that are cleared, nothing is left in POS_CLEARING',
    sql: `
      SELECT customer_id, business_date, ${movedInto('POS_CLEARING')} AS left_there
      FROM points.posting
      WHERE ${BESIDE} AND 'POS_CLEARING' IN (debit, credit) AND business_date <= (SELECT max(day) FROM points.pos_cleared_day)
      GROUP BY customer_id, business_date HAVING ${movedInto('POS_CLEARING')} <> 0`,
  },
];
