import { FEN_PER_POINT } from '../domain/points-value.js';
import { ISSUED, movedInto } from './posting-sql.js';

interface Check {
  readonly id: string;
  readonly title: string;
  /** Yields one row per violation. */
  readonly sql: string;
}

/** What a customer has as the postings say it. */
const EXPLAINED = `
  ${movedInto('CUST_AVAILABLE')} AS available, ${movedInto('CUST_HELD')} AS held, ${movedInto('CUST_PENDING')} AS pending,
  -(${movedInto('CUST_DEBT')}) AS debt, ${ISSUED} AS lifetime_earned`;

const NET = ['CUST_AVAILABLE', 'CUST_HELD', 'CUST_PENDING', 'CUST_DEBT'].map(movedInto).join(' + ');

/** The invariants of the ledger (PTS-01, PTS-32), each as a query for what breaks it. */
export const checks: readonly Check[] = [
  {
    id: 'I1',
    title: 'The postings explain every account',
    sql: `
      SELECT customer_id, a.available, p.available AS explained_available, a.held, p.held AS explained_held,
        a.pending, p.pending AS explained_pending, a.debt, p.debt AS explained_debt,
        a.lifetime_earned, p.lifetime_earned AS explained_lifetime_earned
      FROM points.point_account a
      FULL JOIN (SELECT customer_id, ${EXPLAINED} FROM points.posting GROUP BY customer_id) p USING (customer_id)
      WHERE (a.available, a.held, a.pending, a.debt, a.lifetime_earned)
        IS DISTINCT FROM (COALESCE(p.available, 0), COALESCE(p.held, 0), COALESCE(p.pending, 0), COALESCE(p.debt, 0),
          COALESCE(p.lifetime_earned, 0))`,
  },
  {
    id: 'I2',
    title: 'The buckets hold what the account has',
    sql: `
      SELECT customer_id, a.available, b.remaining, a.held, b.held AS held_in_buckets
      FROM points.point_account a
      FULL JOIN (
        SELECT customer_id, sum(remaining)::bigint AS remaining, sum(held)::bigint AS held
        FROM points.point_bucket GROUP BY customer_id) b USING (customer_id)
      WHERE (a.available, a.held) IS DISTINCT FROM (COALESCE(b.remaining, 0), COALESCE(b.held, 0))`,
  },
  {
    id: 'I2-lot',
    title: 'The postings explain every bucket',
    sql: `
      SELECT customer_id, expires_on, points_type, funder_id, b.remaining, p.remaining AS explained, b.held,
        p.held AS explained_held
      FROM points.point_bucket b
      FULL JOIN (
        SELECT customer_id, expires_on, points_type, funder_id,
          ${movedInto('CUST_AVAILABLE')} AS remaining, ${movedInto('CUST_HELD')} AS held
        FROM points.posting WHERE expires_on IS NOT NULL GROUP BY customer_id, expires_on, points_type, funder_id) p
        USING (customer_id, expires_on, points_type, funder_id)
      WHERE COALESCE(b.remaining, 0) <> COALESCE(p.remaining, 0) OR COALESCE(b.held, 0) <> COALESCE(p.held, 0)`,
  },
  {
    id: 'I3',
    title: 'Nothing is negative',
    sql: `
      SELECT customer_id, 'account' AS place, LEAST(available, held, pending, debt, lifetime_earned) AS lowest
      FROM points.point_account WHERE LEAST(available, held, pending, debt, lifetime_earned) < 0
      UNION ALL
      SELECT customer_id, 'bucket', LEAST(remaining, held) FROM points.point_bucket WHERE LEAST(remaining, held) < 0
      UNION ALL
      SELECT customer_id, 'journal', available_after FROM points.journal WHERE available_after < 0
      UNION ALL
      SELECT customer_id, 'posting', points FROM points.posting WHERE points <= 0`,
  },
  {
    id: 'I4',
    title: 'The entries of an account are numbered without a gap, up to its version',
    sql: `
      SELECT customer_id, a.version, j.entries, j.first, j.last
      FROM points.point_account a
      FULL JOIN (
        SELECT customer_id, count(*) AS entries, min(account_version) AS first, max(account_version) AS last
        FROM points.journal GROUP BY customer_id) j USING (customer_id)
      WHERE (a.version, COALESCE(j.entries, 0), COALESCE(j.first, 1))
        IS DISTINCT FROM (COALESCE(j.last, 0), COALESCE(j.last, 0), 1::bigint)`,
  },
  {
    id: 'I4-chain',
    title: 'Each entry starts from what the one before it left',
    sql: `
      SELECT customer_id, journal_id, account_version, available_before, moved, available_after
      FROM (
        SELECT j.customer_id, j.journal_id, j.account_version, j.available_after, COALESCE(p.moved, 0) AS moved,
          COALESCE(lag(j.available_after) OVER (PARTITION BY j.customer_id ORDER BY j.account_version), 0)
            AS available_before
        FROM points.journal j
        LEFT JOIN (
          SELECT customer_id, journal_id, ${movedInto('CUST_AVAILABLE')} AS moved
          FROM points.posting GROUP BY customer_id, journal_id) p USING (customer_id, journal_id)
      ) chained
      WHERE available_before + moved <> available_after`,
  },
  {
    id: 'I5',
    title: 'Each entry says what its postings do, and no posting is without an entry',
    sql: `
      SELECT customer_id, journal_id, j.points, p.points AS posted
      FROM points.journal j
      FULL JOIN (
        SELECT customer_id, journal_id, ${NET} AS points FROM points.posting GROUP BY customer_id, journal_id) p
        USING (customer_id, journal_id)
      WHERE j.points IS DISTINCT FROM COALESCE(p.points, 0)`,
  },
  {
    id: 'I6',
    title: 'Nothing is given back beyond what was redeemed, nor into another lot',
    sql: `
      SELECT r.customer_id, r.reverses_journal_id, p.expires_on, p.points_type, p.funder_id,
        sum(p.points)::bigint AS returned, (
          SELECT COALESCE(sum(o.points), 0)::bigint FROM points.posting o
          WHERE o.customer_id = r.customer_id AND o.journal_id = r.reverses_journal_id
            AND o.expires_on IS NOT DISTINCT FROM p.expires_on AND o.points_type IS NOT DISTINCT FROM p.points_type
            AND o.funder_id IS NOT DISTINCT FROM p.funder_id AND o.debit = p.credit AND o.credit = p.debit) AS redeemed
      FROM points.journal r JOIN points.posting p USING (customer_id, journal_id)
      WHERE r.kind = 'REDEMPTION_REVERSAL' AND p.debit::text LIKE 'REDEEMED%'
      GROUP BY r.customer_id, r.reverses_journal_id, p.expires_on, p.points_type, p.funder_id, p.debit, p.credit
      HAVING sum(p.points) > (
        SELECT COALESCE(sum(o.points), 0) FROM points.posting o
        WHERE o.customer_id = r.customer_id AND o.journal_id = r.reverses_journal_id
          AND o.expires_on IS NOT DISTINCT FROM p.expires_on AND o.points_type IS NOT DISTINCT FROM p.points_type
          AND o.funder_id IS NOT DISTINCT FROM p.funder_id AND o.debit = p.credit AND o.credit = p.debit)`,
  },
  {
    id: 'I8',
    title: 'Trial balance: outstanding is what was issued less what was redeemed and forfeited',
    sql: `
      SELECT outstanding, issued, redeemed, forfeited
      FROM (SELECT COALESCE(sum(available + held + pending - debt), 0)::bigint AS outstanding FROM points.point_account) a,
        (SELECT COALESCE(${ISSUED}, 0) AS issued,
          COALESCE(${['REDEEMED_SERVICE', 'REDEEMED_MOBILE_PRODUCT', 'REDEEMED_GOODS'].map(movedInto).join(' + ')}, 0)
            AS redeemed,
          COALESCE(${movedInto('CLOSED_FORFEIT')}, 0) AS forfeited
        FROM points.posting) p
      WHERE outstanding <> issued - redeemed - forfeited`,
  },
  {
    id: 'I11',
    title: 'No later lot was used while an earlier one that could be used had points',
    sql: `
      SELECT r.customer_id, r.journal_id, p.expires_on AS passed_over, ${movedInto('CUST_AVAILABLE')} AS left_there,
        r.last_used
      FROM (
        SELECT j.customer_id, j.journal_id, j.account_version, j.business_date, max(p.expires_on) AS last_used
        FROM points.journal j JOIN points.posting p USING (customer_id, journal_id)
        WHERE j.kind = 'REDEMPTION'
        GROUP BY j.customer_id, j.journal_id, j.account_version, j.business_date
      ) r
      JOIN (SELECT customer_id, journal_id, account_version FROM points.journal) j
        ON j.customer_id = r.customer_id AND j.account_version <= r.account_version
      JOIN points.posting p ON p.customer_id = j.customer_id AND p.journal_id = j.journal_id
        AND p.expires_on < r.last_used AND p.expires_on >= r.business_date
      GROUP BY r.customer_id, r.journal_id, r.last_used, p.expires_on, p.points_type, p.funder_id
      HAVING ${movedInto('CUST_AVAILABLE')} > 0`,
  },
  {
    id: 'I12',
    title: `Every point is worth ${FEN_PER_POINT} fen`,
    sql: `
      SELECT customer_id, journal_id, line, points, value_fen FROM points.posting
      WHERE value_fen <> points * ${FEN_PER_POINT}`,
  },
  {
    id: 'I13',
    title: 'A closed account is empty, and is closed by its last closing entry',
    sql: `
      SELECT customer_id, a.status, a.available, a.held, a.pending, a.debt, t.kind AS last_turn
      FROM points.point_account a
      LEFT JOIN (
        SELECT DISTINCT ON (customer_id) customer_id, kind FROM points.journal
        WHERE kind IN ('CLOSURE', 'REOPENING') ORDER BY customer_id, account_version DESC) t USING (customer_id)
      WHERE (a.status = 'CLOSED') <> (t.kind IS NOT DISTINCT FROM 'CLOSURE')
        OR (a.status = 'CLOSED' AND (a.available, a.held, a.pending, a.debt) <> (0, 0, 0, 0))`,
  },
  {
    id: 'I16',
    title: 'Nothing was posted twice',
    sql: `
      SELECT customer_id, idem_key, count(*) AS times FROM points.journal
      GROUP BY customer_id, idem_key HAVING count(*) > 1`,
  },
  {
    id: 'I17',
    title: 'Nobody owes points and has some',
    sql: `SELECT customer_id, available, debt FROM points.point_account WHERE debt > 0 AND available > 0`,
  },
  {
    id: 'I18',
    title: 'Every bill has earned what its last version should',
    sql: `
      SELECT customer_id, source_system, source_ref AS bill_no, sum(points)::bigint AS earned,
        (array_agg((metadata ->> 'shouldEarn')::bigint ORDER BY account_version DESC))[1] AS should_earn
      FROM points.journal WHERE kind IN ('EARN', 'EARN_CORRECTION')
      GROUP BY customer_id, source_system, source_ref
      HAVING sum(points) <> (array_agg((metadata ->> 'shouldEarn')::bigint ORDER BY account_version DESC))[1]`,
  },
];
