import { FEN_PER_POINT } from '../../domain/ledger/points-value.js';
import type { Check } from '../ledger/check.js';
import { BESIDE } from './fingerprint.js';
import { itemsOfEntry } from '../earning/earn-items-sql.js';
import { EARNED, ISSUED, movedInto } from '../ledger/posting-sql.js';
import { checksOfAuctions } from '../auctions/proof-checks-of-auctions.js';
import { checksOfCampaigns } from '../campaigns/proof-checks-of-campaigns.js';
import { checksOfEarning } from '../earning/proof-checks-of-earning.js';
import { checksOfExchange } from '../exchange/proof-checks-of-exchange.js';
import { checksOfExpiry } from '../expiry/proof-checks-of-expiry.js';
import { checksOfMoney } from '../money/proof-checks-of-money.js';
import { checksOfHolds } from '../holds/proof-checks-of-holds.js';
import { checksOfTransfers } from '../transfers/proof-checks-of-transfers.js';

/** What a customer has as the postings say it. */
const EXPLAINED = `
  ${movedInto('CUST_AVAILABLE')} AS available, ${movedInto('CUST_HELD')} AS held, ${movedInto('CUST_PENDING')} AS pending,
  -(${movedInto('CUST_DEBT')}) AS debt, ${EARNED} AS lifetime_earned`;

const NET = ['CUST_AVAILABLE', 'CUST_HELD', 'CUST_PENDING', 'CUST_DEBT'].map(movedInto).join(' + ');

const CUSTOMERS = `'CUST_AVAILABLE', 'CUST_HELD', 'CUST_PENDING', 'CUST_DEBT'`;
const CLEARING = `'IN_TRANSIT', 'AUCTION_CLEARING', 'ORDER_CLEARING'`;

/** What a posting moves into the house side, some codes of it left out. */
const sideOf = (except: string): string =>
  `CASE WHEN credit IN (${CUSTOMERS}, ${except}) THEN 0 ELSE points END - CASE WHEN debit IN (${CUSTOMERS}, ${except}) THEN 0 ELSE points END`;

const SPENDING = `('REDEMPTION', 'PAYMENT', 'AUTHORISATION')`;

/** Entries for which a customer's own points were taken, first to expire first; some classes of points may have been left out of it. */
const spent = (among: string): string => `
  spent AS MATERIALIZED (
    SELECT j.customer_id, j.journal_id, j.account_version, j.business_date, max(p.expires_on) AS last_used,
      array_agg(DISTINCT p.points_type) AS classes, j.kind = 'REDEMPTION' AND NOT j.metadata ? 'classes' AS is_of_all_classes
    FROM points.journal j JOIN points.posting p USING (customer_id, journal_id)
    WHERE j.kind IN ${SPENDING} AND ${among} AND p.debit = 'CUST_AVAILABLE'
    GROUP BY j.customer_id, j.journal_id
  )`;
const SINCE = 'j.recorded_at >= $1';
const AMONG_SUSPECTS = 'j.customer_id IN (SELECT customer_id FROM suspect)';

const MUST_EXCEED = `
  SELECT effective_from, effective_to, LEAST((rules ->> 'joinAbove')::bigint,
    (SELECT min(value::bigint) FROM jsonb_each_text(rules -> 'joinAboveByRegion'))) AS must_exceed
  FROM points.earn_rule_set`;

/** Postings with what their entries say; nothing of entries that first earned of a bill, of which there are most. */
const linesBesideEarning = (which: string): string => `
  line AS MATERIALIZED (
    SELECT customer_id, journal_id, debit, credit, p.points, expires_on, kind, account_version, j.business_date, available_after
    FROM points.posting p LEFT JOIN (SELECT * FROM points.journal WHERE kind <> 'EARN') j USING (customer_id, journal_id)
    WHERE ${which}
  )`;

/** Violations of I11. */
const passedOver = (among: string): string => `
  ${spent(among)},
  moved AS MATERIALIZED (
    SELECT p.customer_id, p.expires_on, p.points_type, p.funder_id, j.account_version,
      CASE p.credit WHEN 'CUST_AVAILABLE' THEN p.points ELSE -p.points END AS points
    FROM (SELECT DISTINCT customer_id FROM spent) s JOIN points.posting p USING (customer_id)
    JOIN points.journal j USING (customer_id, journal_id)
    WHERE 'CUST_AVAILABLE' IN (p.debit, p.credit)
  ),
  course AS (
    SELECT customer_id, expires_on, points_type, funder_id, account_version, NULL::uuid AS journal_id, points, NULL::date AS last_used
    FROM moved
    UNION ALL
    SELECT s.customer_id, l.expires_on, l.points_type, l.funder_id, s.account_version, s.journal_id, 0, s.last_used
    FROM spent s JOIN (SELECT DISTINCT customer_id, expires_on, points_type, funder_id FROM moved) l USING (customer_id)
    WHERE l.expires_on < s.last_used AND l.expires_on >= s.business_date
      AND (s.is_of_all_classes OR l.points_type = ANY (s.classes))
  )
  SELECT customer_id, journal_id, expires_on AS passed_over, points_type, funder_id, left_there, last_used
  FROM (
    SELECT *, (sum(points) OVER (PARTITION BY customer_id, expires_on, points_type, funder_id
      ORDER BY account_version, journal_id NULLS FIRST ROWS UNBOUNDED PRECEDING))::bigint AS left_there
    FROM course
  ) looked
  WHERE journal_id IS NOT NULL AND left_there > 0`;

/** Violations of I13-joined. */
const spentBeforeJoining = (among: string): string => `
  ${spent(among)},
  earned AS (
    SELECT p.customer_id, p.journal_id, ${EARNED} AS earned
    FROM (SELECT DISTINCT customer_id FROM spent) s JOIN points.posting p USING (customer_id)
    WHERE 'ISSUED' IN (p.debit, p.credit) GROUP BY p.customer_id, p.journal_id
  ),
  course AS (
    SELECT customer_id, account_version, NULL::uuid AS journal_id, NULL::date AS business_date, e.earned
    FROM earned e JOIN points.journal j USING (customer_id, journal_id)
    UNION ALL
    SELECT customer_id, account_version, journal_id, business_date, 0 FROM spent
  )
  SELECT customer_id, journal_id, qualifying, must_exceed
  FROM (
    SELECT *, (sum(earned) OVER (PARTITION BY customer_id ORDER BY account_version ROWS UNBOUNDED PRECEDING))::bigint AS qualifying
    FROM course
  ) looked
  JOIN (${MUST_EXCEED}) r ON business_date >= effective_from AND business_date < effective_to
  WHERE journal_id IS NOT NULL AND qualifying <= must_exceed`;

const EARNED_BY_BILL = `
  SELECT customer_id, source_system, source_ref AS bill_no, i.item, sum(i.points)::bigint AS earned,
    (array_agg(i.should_earn ORDER BY account_version DESC))[1] AS should_earn`;
const NOT_WHAT_IT_SHOULD = `
  GROUP BY customer_id, source_system, source_ref, i.item
  HAVING sum(i.points) <> (array_agg(i.should_earn ORDER BY account_version DESC))[1]
    - COALESCE((array_agg(i.earned_before ORDER BY account_version))[1], 0)`;

/** The invariants of the ledger (PTS-01, PTS-32), each as a query for what breaks it: LEDGER I1 to I16, then our own. */
export const checks: readonly Check[] = [
  {
    id: 'I1',
    title: 'The postings explain every account',
    isTold: ({ agrees }) => agrees,
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
    isTold: ({ agrees }) => agrees,
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
    isTold: ({ agrees }) => agrees,
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
    constraints: [
      'points.point_account.available.amount_not_negative',
      'points.point_account.held.amount_not_negative',
      'points.point_account.pending.amount_not_negative',
      'points.point_account.debt.amount_not_negative',
      'points.point_account.lifetime_earned.amount_not_negative',
      'points.point_bucket.remaining.amount_not_negative',
      'points.point_bucket.held.amount_not_negative',
      'points.journal.available_after.amount_not_negative',
      'points.posting.points.amount_moved_positive',
    ],
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
    isTold: ({ agrees }) => agrees,
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
    isTold: ({ agrees }) => agrees,
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
    id: 'I1-entry',
    title: 'Each entry says what its postings do, and no posting is without an entry',
    isTold: ({ agrees }) => agrees,
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
      WITH reversal AS (
        SELECT customer_id, journal_id, reverses_journal_id FROM points.journal
        WHERE reverses_journal_id IS NOT NULL AND kind = 'REDEMPTION_REVERSAL'
      ), returned AS (
        SELECT r.customer_id, r.reverses_journal_id AS journal_id, p.expires_on, p.points_type, p.funder_id, sum(p.points)::bigint AS returned
        FROM reversal r JOIN points.posting p USING (customer_id, journal_id)
        WHERE p.debit NOT IN (${CUSTOMERS}) GROUP BY 1, 2, 3, 4, 5
      ), used AS (
        SELECT r.customer_id, r.journal_id, p.expires_on, p.points_type, p.funder_id, sum(p.points)::bigint AS used
        FROM (SELECT DISTINCT customer_id, reverses_journal_id AS journal_id FROM reversal) r
        JOIN points.posting p USING (customer_id, journal_id)
        WHERE p.credit NOT IN (${CUSTOMERS}) GROUP BY 1, 2, 3, 4, 5
      )
      SELECT customer_id, journal_id, expires_on, points_type, funder_id, returned, COALESCE(used, 0) AS used
      FROM returned LEFT JOIN used USING (customer_id, journal_id, expires_on, points_type, funder_id)
      WHERE returned > COALESCE(used, 0)`,
  },
  {
    id: 'I8',
    title: 'Trial balance: outstanding is what was issued and adjusted less what was used, cleared and forfeited',
    isTold: ({ agrees }) => agrees,
    sql: `
      SELECT * FROM
        (SELECT COALESCE(sum(available + held + pending - debt), 0)::bigint AS outstanding FROM points.point_account) a,
        (SELECT COALESCE(${ISSUED}, 0) AS issued, COALESCE(-(${movedInto('ADJUSTED')}), 0) AS adjusted,
          COALESCE(sum(${sideOf(`'ISSUED', 'ADJUSTED'`)}), 0)::bigint AS used_or_lost
        FROM points.posting) p
      WHERE outstanding <> issued + adjusted - used_or_lost`,
  },
  {
    id: 'I9-transit',
    title: 'Nothing is left under way: what one entry brings into a clearing account, it or its other half takes out',
    sql: `
      SELECT code, sum(points)::bigint AS left_there FROM (
        SELECT credit AS code, points FROM points.posting WHERE ${BESIDE} AND credit IN (${CLEARING})
        UNION ALL
        SELECT debit, -points FROM points.posting WHERE ${BESIDE} AND debit IN (${CLEARING})
      ) moved GROUP BY code HAVING sum(points) <> 0`,
  },
  {
    id: 'I10',
    title: 'Nothing is used after its last day',
    isTold: ({ usedLate }) => usedLate === 0,
    sql: `
      SELECT customer_id, journal_id, line, expires_on, business_date, credit FROM points.posting
      WHERE debit = 'CUST_AVAILABLE' AND expires_on < business_date
        AND credit NOT IN ('ISSUED', 'ADJUSTED', 'BREAKAGE', 'CLOSED_FORFEIT', 'CUST_DEBT')`,
  },
  {
    id: 'I10-cleared',
    title: 'Nothing is cleared before its last day has passed',
    sql: `
      SELECT customer_id, journal_id, line, expires_on, business_date FROM points.posting
      WHERE ${BESIDE} AND debit = 'CUST_AVAILABLE' AND credit = 'BREAKAGE' AND expires_on >= business_date`,
  },
  {
    id: 'I11',
    title: 'No later lot was used while an earlier one that could be used had points',
    from: 'since',
    sql: `WITH ${passedOver(SINCE)}`,
    // Points were left in an earlier lot only if they are there still, or were taken by a later entry.
    ofAll: {
      when: ({ agrees }) => agrees,
      sql: `
      WITH ${linesBesideEarning(`debit = 'CUST_AVAILABLE'`)},
      used AS MATERIALIZED (
        SELECT customer_id, account_version, business_date, kind IN ${SPENDING} AS is_spent,
          min(expires_on) AS first_used, max(expires_on) AS last_used
        FROM line GROUP BY customer_id, journal_id, account_version, business_date, kind
      ),
      suspect AS MATERIALIZED (
        SELECT customer_id FROM (
          SELECT customer_id, account_version, first_used, max(last_used) FILTER (WHERE is_spent) OVER (PARTITION BY customer_id
            ORDER BY account_version ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS used_before
          FROM used) u WHERE first_used < used_before OR account_version IS NULL
        UNION
        SELECT customer_id
        FROM (SELECT customer_id, max(last_used) AS last_used, min(business_date) AS day FROM used WHERE is_spent GROUP BY customer_id) u
        JOIN points.point_bucket b USING (customer_id)
        WHERE b.remaining > 0 AND b.expires_on < u.last_used AND b.expires_on >= u.day
      ),
      ${passedOver(AMONG_SUSPECTS)}`,
    },
  },
  {
    id: 'I12',
    title: `Every point is worth ${FEN_PER_POINT} fen`,
    constraints: ['points.posting.posting_moves'],
    sql: `
      SELECT customer_id, journal_id, line, points, value_fen FROM points.posting
      WHERE value_fen <> points * ${FEN_PER_POINT}`,
  },
  {
    id: 'I13',
    title: 'A closed account is empty, and is closed by its last closing entry',
    isTold: ({ closuresAgree }) => closuresAgree,
    sql: `
      SELECT customer_id, a.status, a.available, a.held, a.pending, a.debt, t.kind AS last_turn
      FROM (SELECT * FROM points.point_account WHERE status = 'CLOSED') a
      FULL JOIN (
        SELECT * FROM (
          SELECT DISTINCT ON (customer_id) customer_id, kind FROM points.journal
          WHERE kind IN ('CLOSURE', 'REOPENING') ORDER BY customer_id, account_version DESC) last
        WHERE kind = 'CLOSURE') t USING (customer_id)
      WHERE a.status IS NULL OR t.kind IS NULL OR (a.available, a.held, a.pending, a.debt) <> (0, 0, 0, 0)`,
  },
  {
    id: 'I13-joined',
    title: 'Nobody has spent who had not earned enough to join',
    from: 'since',
    sql: `WITH ${spentBeforeJoining(SINCE)}`,
    // What somebody had before first spending was earned, but for what came otherwise; of what was earned only so much was taken back.
    ofAll: {
      when: ({ agrees }) => agrees,
      sql: `
      WITH ${linesBesideEarning(`debit = 'CUST_AVAILABLE' OR credit = 'ISSUED'
        OR (credit = 'CUST_AVAILABLE' AND (debit <> 'ISSUED' OR points_type IN ('PROMOTION', 'GIFT', 'ADJUSTMENT')))`)},
      suspect AS MATERIALIZED (
        SELECT customer_id
        FROM (
          SELECT DISTINCT ON (customer_id) customer_id, available_after + sum(points) AS had
          FROM line WHERE debit = 'CUST_AVAILABLE' AND kind IN ${SPENDING}
          GROUP BY customer_id, account_version, available_after ORDER BY customer_id, account_version) first
        LEFT JOIN (
          SELECT customer_id, sum(points) AS points FROM line WHERE credit IN ('ISSUED', 'CUST_AVAILABLE') GROUP BY customer_id) apart
          USING (customer_id)
        WHERE had - COALESCE(apart.points, 0) <= (SELECT max(must_exceed) FROM (${MUST_EXCEED}) r)
      ),
      ${spentBeforeJoining(AMONG_SUSPECTS)}`,
    },
  },
  {
    id: 'I16',
    title: 'Nothing was posted twice',
    constraints: ['points.journal.journal_once', 'points.journal.journal_pkey', 'points.posting.posting_pkey'],
    sql: `
      SELECT customer_id, idem_key, count(*) AS times FROM points.journal
      GROUP BY customer_id, idem_key HAVING count(*) > 1`,
  },
  {
    id: 'I17',
    title: 'Nobody owes points and has some',
    isTold: ({ owingAndHaving }) => owingAndHaving === 0,
    sql: `SELECT customer_id, available, debt FROM points.point_account WHERE debt > 0 AND available > 0`,
  },
  {
    id: 'I18',
    title: 'Every bill has earned what its last version should',
    from: 'since',
    sql: `${EARNED_BY_BILL} FROM points.journal j, ${itemsOfEntry('j')} i WHERE kind IN ('EARN', 'EARN_CORRECTION') AND recorded_at >= $1
      ${NOT_WHAT_IT_SHOULD}`,
    // When each entry says what it changed, a bill of one entry has earned what it should.
    ofAll: {
      when: ({ misjudged }) => misjudged === 0,
      sql: `
      WITH several AS MATERIALIZED (
        SELECT customer_id, source_system, source_ref FROM points.journal WHERE kind IN ('EARN', 'EARN_CORRECTION')
        GROUP BY customer_id, source_system, source_ref HAVING count(*) > 1
      )
      ${EARNED_BY_BILL}
      FROM several JOIN points.journal j USING (customer_id, source_system, source_ref), ${itemsOfEntry('j')} i
      WHERE kind IN ('EARN', 'EARN_CORRECTION') ${NOT_WHAT_IT_SHOULD}`,
    },
  },
  ...checksOfEarning,
  ...checksOfExchange,
  ...checksOfExpiry,
  ...checksOfCampaigns,
  ...checksOfHolds,
  ...checksOfTransfers,
  ...checksOfMoney,
  ...checksOfAuctions,
];
