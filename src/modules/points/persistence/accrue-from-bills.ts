import { derivedIdSql, type Tx } from '../../../platform/database/index.js';
import type { Outcome, Run } from '../../../platform/queues/index.js';
import { OPERATOR_FUNDS } from '../domain/ledger.js';
import { post, type Posted } from './posting-sql.js';

/**
 * `pointsForSpend` in SQL. A property test holds the two together.
 * @param spend expression of the net spending in fen
 * @param tier expression of the tier
 * @param rules expression of the rules, jsonb
 */
export const pointsForSpendSql = (spend: string, tier: string, rules: string): string => `(
  GREATEST(${spend}, 0) * (${rules} #>> ARRAY['factorPercent', ${tier}])::bigint
    + CASE ${rules} ->> 'rounding' WHEN 'CEIL' THEN (${rules} ->> 'fenPerPoint')::bigint * 100 - 1 ELSE 0 END
) / ((${rules} ->> 'fenPerPoint')::bigint * 100)`;

/** `lastDayOf` in SQL, held to it by a property test. `earnedIn` is an expression of the first day of a month. */
export const lastDayOfSql = (policy: string, earnedIn: string): string => `
  CASE ${policy}
    WHEN 'LOT_36_MONTHS' THEN (${earnedIn} + interval '37 months' - interval '1 day')::date
    WHEN 'ROLLING_3_CALENDAR_YEARS' THEN make_date(EXTRACT(year FROM ${earnedIn})::int + 2, 12, 31)
    WHEN 'NONE' THEN 'infinity'::date
  END`;

/** A slice of customers, and how the run signs. */
interface Slice {
  readonly from: string;
  readonly to: string;
  readonly businessDate: string;
  readonly recordedAt: Date;
  readonly runId: string;
}

/** What the monthly run was asked: the bills of these cycles (first days of months). */
export interface Accrual extends Slice {
  readonly firstCycle: string;
  readonly lastCycle: string;
}

/** What late figures ask: the bills of the months that an intake has changed after they were closed. */
export interface Correction extends Slice {
  readonly intakeId: string;
}

/** Which bills of the slice $1 to $2 are judged, as SQL with the parameters $3 and $4. */
interface Scope {
  /** Condition on `customer_id` and `cycle`. */
  readonly bills: string;
  /** Condition on `customer_id`, when not all of the slice are meant. */
  readonly customers?: string;
  /** jsonb that each entry says of its origin. */
  readonly cause: string;
}

const CYCLES: Scope = { bills: 'cycle BETWEEN $3 AND $4', cause: `'{}'::jsonb` };
const LATE_FIGURES: Scope = {
  bills:
    '(customer_id, cycle) IN (SELECT customer_id, month FROM usage.late_change WHERE intake_id = $3 AND kind = $4)',
  customers: 'customer_id IN (SELECT customer_id FROM usage.late_change WHERE intake_id = $3 AND kind = $4)',
  cause: `jsonb_build_object('intakeId', $3::uuid)`,
};

/**
 * The bills that have not been judged by the rules of their month: new ones, new versions, and bills that another bill has
 * replaced. A bill keeps the tier with which it first earned, so that a correction corrects the bill and nothing else.
 * Each is given what it should have earned and what it has.
 *
 * The slice is said of every table: an equality lets the planner carry over values, but not ranges.
 */
const due = ({ bills, cause }: Scope): string => `
  due AS MATERIALIZED (
    SELECT *, should_earn - earned AS delta FROM (
      SELECT b.customer_id, b.source, b.bill_no, b.version, b.cycle, b.issued_at, b.net_spend_fen, b.is_current,
        b.idem_key, b.rule_set_version, t.tier, COALESCE(e.earned, 0) AS earned, e.earned IS NOT NULL AS is_correction,
        CASE WHEN b.is_current THEN ${pointsForSpendSql('b.net_spend_fen', 't.tier', 'b.rules')} ELSE 0 END AS should_earn,
        ${lastDayOfSql(`b.rules ->> 'expiry'`, 'b.cycle')} AS expires_on
      FROM (
        SELECT b.*, r.version AS rule_set_version, r.rules,
          'bill:' || b.source || ':' || b.bill_no || ':v' || b.version || ':r' || r.version
            || CASE WHEN b.is_current THEN '' ELSE ':replaced' END AS idem_key
        FROM (
          SELECT customer_id, source, bill_no, version, cycle, issued_at, net_spend_fen, is_current
          FROM usage.bill
          WHERE customer_id >= $1 AND customer_id < $2 AND ${bills} AND is_current
          UNION ALL
          SELECT DISTINCT ON (customer_id, source, bill_no)
            customer_id, source, bill_no, version, cycle, issued_at, net_spend_fen, is_current
          FROM usage.bill old
          WHERE customer_id >= $1 AND customer_id < $2 AND ${bills} AND NOT is_current
            AND NOT EXISTS (SELECT FROM usage.bill new WHERE new.customer_id = old.customer_id
              AND new.source = old.source AND new.bill_no = old.bill_no AND new.is_current)
          ORDER BY customer_id, source, bill_no, version DESC
        ) b
        JOIN points.earn_rule_set r ON b.cycle >= r.effective_from AND b.cycle < r.effective_to
      ) b
      LEFT JOIN LATERAL (
        SELECT sum(j.points)::bigint AS earned, (array_agg(j.metadata ->> 'tier' ORDER BY j.account_version))[1] AS tier
        FROM points.journal j
        WHERE j.customer_id = b.customer_id AND j.source_system = b.source AND j.source_ref = b.bill_no
          AND j.kind IN ('EARN', 'EARN_CORRECTION')
      ) e ON TRUE
      LEFT JOIN tiering.current_tier c
        ON c.customer_id = b.customer_id AND c.customer_id >= $1 AND c.customer_id < $2
      CROSS JOIN LATERAL (SELECT COALESCE(e.tier, c.tier, 'ORDINARY') AS tier) t
      WHERE NOT EXISTS (
          SELECT FROM points.journal j WHERE j.customer_id = b.customer_id AND j.idem_key = b.idem_key)
        AND (b.is_current OR e.earned > 0)
    ) judged
  ),
  bill AS (
    SELECT d.*, a.version AS account_version, a.available, a.debt,
      ${derivedIdSql('d.customer_id || d.idem_key')} AS journal_id,
      jsonb_build_object('cycle', to_char(d.cycle, 'YYYY-MM'), 'version', d.version, 'netSpendInFen', d.net_spend_fen,
        'tier', d.tier, 'shouldEarn', d.should_earn, 'earnedBefore', d.earned) || ${cause} AS metadata
    FROM due d
    JOIN points.point_account a
      ON a.customer_id = d.customer_id AND a.customer_id >= $1 AND a.customer_id < $2 AND a.status <> 'CLOSED'
    -- Who has left earns nothing, also while the closing of the account is still on its way.
    JOIN customers.profile p
      ON p.customer_id = d.customer_id AND p.customer_id >= $1 AND p.customer_id < $2 AND p.archive = 'in-network'
    -- Nor does who is not registered with a real name; such bills stay unjudged, so they earn in a run after the registration as long
    -- as that looks back to them. What was earned too much is taken back all the same.
    WHERE p.real_name OR d.delta < 0
  )`;

const ENTRY = `
  customer_id, journal_id, (CASE WHEN is_correction THEN 'EARN_CORRECTION' ELSE 'EARN' END)::points.journal_kind AS kind,
  delta AS points, idem_key, NULL::text AS request_hash, issued_at AS occurred_at, $5::timestamptz AS recorded_at,
  $6::date AS business_date, NULL::text AS channel, NULL::text AS actor_id, source AS source_system,
  bill_no AS source_ref, NULL::uuid AS reverses_journal_id, rule_set_version, $7::uuid AS run_id, metadata, expires_on`;

const SPENDING = `'SPENDING'::points.points_type AS points_type, '${OPERATOR_FUNDS}' AS funder_id`;

/**
 * Bills that earn more than they did, or the same. Whoever owes has nothing available, so what an account has is one
 * number, \`available - debt\`, and its course over several bills is a running sum.
 */
const earn = (scope: Scope): string =>
  post(
    `${due(scope)},
  entry AS (
    SELECT ${ENTRY}, account_version + row_number() OVER bills AS account_version,
      GREATEST(available - debt + sum(delta) OVER bills, 0)::bigint AS available_after,
      (available - debt + sum(delta) OVER bills - delta)::bigint AS net_before
    FROM bill WHERE delta >= 0
    WINDOW bills AS (PARTITION BY customer_id ORDER BY cycle, source, bill_no ROWS UNBOUNDED PRECEDING)
  ),
  line AS (
    SELECT customer_id, journal_id, 1::smallint AS line, business_date, 'ISSUED'::points.account_code AS debit,
      'CUST_AVAILABLE'::points.account_code AS credit, points, expires_on, ${SPENDING}
    FROM entry WHERE points > 0
    UNION ALL
    SELECT customer_id, journal_id, 2, business_date, 'CUST_AVAILABLE', 'CUST_DEBT', LEAST(points, -net_before),
      expires_on, ${SPENDING}
    FROM entry WHERE points > 0 AND net_before < 0
  )`,
    '(SELECT count(*) FROM bill WHERE delta < 0) AS to_take_back',
  );

/**
 * Of each customer one bill that earned too much. The points are taken out of the bill's own lot, then out of those that
 * expire first; what has been spent already becomes a debt.
 */
const takeBack = (scope: Scope): string =>
  post(`${due(scope)},
  entry AS (
    SELECT DISTINCT ON (customer_id) ${ENTRY}, account_version + 1 AS account_version,
      GREATEST(available + delta, 0) AS available_after, available
    FROM bill WHERE delta < 0
    ORDER BY customer_id, cycle, source, bill_no
  ),
  lot_to_drain AS (
    SELECT e.customer_id, e.journal_id, e.business_date, -e.points AS wanted, b.expires_on, b.points_type, b.funder_id,
      b.remaining, sum(b.remaining) OVER earlier - b.remaining AS found_before, row_number() OVER earlier AS nth
    FROM entry e
    JOIN points.point_bucket b
      ON b.customer_id = e.customer_id AND b.customer_id >= $1 AND b.customer_id < $2 AND b.remaining > 0
    WINDOW earlier AS (
      PARTITION BY e.customer_id
      ORDER BY (b.expires_on = e.expires_on AND b.points_type = 'SPENDING' AND b.funder_id = '${OPERATOR_FUNDS}') DESC,
        b.expires_on, b.points_type, b.funder_id
      ROWS UNBOUNDED PRECEDING)
  ),
  line AS (
    SELECT customer_id, journal_id, nth::smallint AS line, business_date, 'CUST_AVAILABLE'::points.account_code AS debit,
      'ISSUED'::points.account_code AS credit, LEAST(remaining, wanted - found_before)::bigint AS points,
      expires_on, points_type, funder_id
    FROM lot_to_drain WHERE found_before < wanted
    UNION ALL
    SELECT customer_id, journal_id, 0, business_date, 'CUST_DEBT', 'ISSUED', -points - available, NULL, NULL, NULL
    FROM entry WHERE available < -points
  )`);

export interface Accrued extends Posted {
  readonly takenBack: number;
}

/** Makes room for the postings of a day; whoever else needs it waits until this transaction ends. */
export async function openBooks(tx: Tx, businessDate: string): Promise<void> {
  await tx.query(`SELECT platform.ensure_month_partition('points', 'posting', $1)`, [businessDate]);
}

/** Lets the bills of a slice of customers earn, or give back, what they should. What is right already is left alone. */
export function accrueFromBills(tx: Tx, { firstCycle, lastCycle, ...slice }: Accrual): Promise<Accrued> {
  return judge(tx, slice, ACCRUE, [firstCycle, lastCycle]);
}

/** The same for the customers and months that an intake has changed after they were closed, and for nobody else. */
export function correctFromBills(tx: Tx, { intakeId, ...slice }: Correction): Promise<Accrued> {
  return judge(tx, slice, CORRECT, [intakeId, 'BIL']);
}

interface Statements {
  readonly open: string;
  readonly lock: string;
  readonly lockAsksForAll: boolean;
  readonly earn: string;
  readonly takeBack: string;
}

const statementsFor = (scope: Scope): Statements => ({
  open: `INSERT INTO points.point_account (customer_id)
    SELECT DISTINCT customer_id FROM usage.bill WHERE customer_id >= $1 AND customer_id < $2 AND ${scope.bills}
    ORDER BY customer_id ON CONFLICT DO NOTHING`,
  lock: `SELECT FROM points.point_account
    WHERE customer_id >= $1 AND customer_id < $2 ${scope.customers ? `AND ${scope.customers}` : ''}
    ORDER BY customer_id FOR UPDATE`,
  lockAsksForAll: scope.customers === undefined,
  earn: earn(scope),
  takeBack: takeBack(scope),
});

const ACCRUE = statementsFor(CYCLES);
const CORRECT = statementsFor(LATE_FIGURES);

async function judge(
  tx: Tx,
  { from, to, businessDate, recordedAt, runId }: Slice,
  statements: Statements,
  asked: readonly [string, string],
): Promise<Accrued> {
  await openBooks(tx, businessDate);
  await tx.execute(statements.open, [from, to, ...asked]);
  // A statement of its own: the next one must see what redemptions have left that held these locks.
  await tx.execute(statements.lock, statements.lockAsksForAll ? [from, to] : [from, to, ...asked]);
  const params = [from, to, ...asked, recordedAt, businessDate, runId];
  const [earned] = await tx.query<Posted & { readonly to_take_back: number }>(statements.earn, params);
  let total: Accrued = { entries: 0, postings: 0, points: 0, takenBack: 0, ...pick(earned) };
  for (let left = earned?.to_take_back ?? 0; left > 0;) {
    const [taken] = await tx.query<Posted>(statements.takeBack, params);
    if (!taken || taken.entries === 0) throw new Error('A bill that earned too much cannot be corrected');
    left -= taken.entries;
    total = {
      entries: total.entries + taken.entries,
      postings: total.postings + taken.postings,
      points: total.points + taken.points,
      takenBack: total.takenBack - taken.points,
    };
  }
  return total;
}

/** What a run has posted, for its end. */
export async function entriesOf(tx: Tx, { runId, asOf }: Pick<Run, 'runId' | 'asOf'>): Promise<Outcome> {
  const [facts] = await tx.query<{ checksum: string; points: number }>(
    // Ids and figures, not times: the same bills, the same checksum. A sum, since a sum needs no order.
    `SELECT COALESCE(sum(uuid_hash_extended(journal_id, points)), 0)::text AS checksum,
       COALESCE(sum(points), 0)::bigint AS points
     FROM points.journal WHERE business_date = $1 AND run_id = $2`,
    [asOf, runId],
  );
  return { checksum: facts?.checksum ?? '', summary: { points: facts?.points ?? 0 } };
}

const pick = (posted: Posted | undefined): Partial<Posted> =>
  posted ? { entries: posted.entries, postings: posted.postings, points: posted.points } : {};
