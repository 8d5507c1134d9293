import { FEN_PER_POINT } from '../../domain/ledger/points-value.js';

/** Effect of a set of postings on one account code, as an aggregate over rows with `debit`, `credit` and `points`. */
export const movedInto = (code: string): string =>
  `sum(CASE WHEN credit = '${code}' THEN points WHEN debit = '${code}' THEN -points ELSE 0 END)::bigint`;

/** What was issued, less what was taken back. */
export const ISSUED = `-(${movedInto('ISSUED')})`;

/** Effect on `lifetime_earned`: what was issued of the classes that qualify for the plan, less what was taken back. */
export const EARNED = `COALESCE(sum(CASE 'ISSUED'::points.account_code WHEN debit THEN points WHEN credit THEN -points END)
  FILTER (WHERE points_type IS NULL OR points_type NOT IN ('PROMOTION', 'GIFT', 'ADJUSTMENT')), 0)::bigint`;

/**
 * The only statement that posts, for one entry or for a million: it stores the journal entries of the CTE `entry` and the
 * postings of the CTE `line`, and moves accounts and buckets by exactly what these say. The accounts must be locked.
 *
 * `entry` has the columns of `points.journal`; `line` has customer_id, journal_id, line, business_date, debit, credit,
 * points, expires_on, points_type, funder_id. `answer` is a query over these two.
 *
 * Where the planner is to join whole sets, `isWithin` says of an alias which customers the statement is about: of the accounts and buckets
 * of everybody else nothing is read.
 */
export const postAndAnswer = (
  entryAndLine: string,
  answer: string,
  isWithin: (alias: string) => string = () => 'true',
): string => `
  WITH ${entryAndLine},
  journal AS (
    INSERT INTO points.journal (customer_id, journal_id, account_version, kind, points, available_after, idem_key,
      request_hash, occurred_at, recorded_at, business_date, channel, actor_id, source_system, source_ref,
      reverses_journal_id, rule_set_version, run_id, metadata)
    SELECT customer_id, journal_id, account_version, kind, points, available_after, idem_key,
      request_hash, occurred_at, recorded_at, business_date, channel, actor_id, source_system, source_ref,
      reverses_journal_id, rule_set_version, run_id, metadata
    FROM entry
  ),
  posting AS (
    INSERT INTO points.posting (customer_id, journal_id, line, business_date, debit, credit, points, value_fen,
      expires_on, points_type, funder_id)
    SELECT customer_id, journal_id, line, business_date, debit, credit, points, points * ${FEN_PER_POINT},
      expires_on, points_type, funder_id
    FROM line
  ),
  lot AS (
    SELECT customer_id, expires_on, points_type, funder_id,
      ${movedInto('CUST_AVAILABLE')} AS remaining, ${movedInto('CUST_HELD')} AS held
    FROM line WHERE expires_on IS NOT NULL
    GROUP BY customer_id, expires_on, points_type, funder_id
  ),
  filled AS (
    INSERT INTO points.point_bucket AS b (customer_id, expires_on, points_type, funder_id, remaining, held)
    SELECT customer_id, expires_on, points_type, funder_id, remaining, held FROM lot WHERE remaining >= 0 AND held >= 0
    ON CONFLICT (customer_id, expires_on, points_type, funder_id)
    DO UPDATE SET remaining = b.remaining + excluded.remaining, held = b.held + excluded.held
  ),
  drained AS (
    UPDATE points.point_bucket b SET remaining = b.remaining + lot.remaining, held = b.held + lot.held
    FROM lot
    WHERE (lot.remaining < 0 OR lot.held < 0) AND ${isWithin('b')} AND b.customer_id = lot.customer_id AND b.expires_on = lot.expires_on
      AND b.points_type = lot.points_type AND b.funder_id = lot.funder_id
  ),
  moved AS (
    SELECT customer_id, ${movedInto('CUST_AVAILABLE')} AS available, ${movedInto('CUST_HELD')} AS held,
      ${movedInto('CUST_PENDING')} AS pending, -(${movedInto('CUST_DEBT')}) AS debt, ${EARNED} AS earned
    FROM line GROUP BY customer_id
  ),
  counted AS (
    SELECT customer_id, count(*) AS entries, max(kind) FILTER (WHERE kind IN ('CLOSURE', 'REOPENING')) AS turn
    FROM entry GROUP BY customer_id
  ),
  account AS (
    UPDATE points.point_account a SET
      available = a.available + COALESCE(moved.available, 0),
      held = a.held + COALESCE(moved.held, 0),
      pending = a.pending + COALESCE(moved.pending, 0),
      debt = a.debt + COALESCE(moved.debt, 0),
      lifetime_earned = a.lifetime_earned + COALESCE(moved.earned, 0),
      version = a.version + counted.entries,
      status = CASE counted.turn WHEN 'CLOSURE' THEN 'CLOSED' WHEN 'REOPENING' THEN 'ACTIVE' ELSE a.status END
    FROM counted LEFT JOIN moved USING (customer_id)
    WHERE a.customer_id = counted.customer_id AND ${isWithin('a')}
  )
  ${answer}`;

/** Answers {@link Posted}, and one more column when it is asked for. */
export const post = (entryAndLine: string, alsoAnswer?: string, isWithin?: (alias: string) => string): string =>
  postAndAnswer(
    entryAndLine,
    `SELECT (SELECT count(*) FROM entry) AS entries, (SELECT count(*) FROM line) AS postings,
      (SELECT COALESCE(sum(points), 0)::bigint FROM entry) AS points ${alsoAnswer ? `, ${alsoAnswer}` : ''}`,
    isWithin,
  );

export interface Posted {
  readonly entries: number;
  readonly postings: number;
  /** Sum over the entries of what each changed. */
  readonly points: number;
}
