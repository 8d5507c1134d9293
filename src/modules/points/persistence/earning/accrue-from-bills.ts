import { derivedIdSql, withoutNestedLoops, type Tx } from '../../../../platform/database/index.js';
import { isInSlice, type Outcome, type Run } from '../../../../platform/queues/index.js';
import { EARN_ITEMS } from '../../domain/earning/earn-quote.js';
import { OPERATOR_FUNDS } from '../../domain/ledger/ledger.js';
import {
  BILL_FIGURES,
  EARNING_FEN,
  ITEM_POINTS,
  itemsOfEntry,
  lastDayOfSql,
  MONTHS_IN_NETWORK,
  ruleColumns,
} from './earn-items-sql.js';
import { intoOpenBooks } from '../ledger/closed-books.js';
import { post, type Posted } from '../ledger/posting-sql.js';

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
  /** Yields the column `cycle`. */
  readonly cycles: string;
  /** Condition on `customer_id`, when not all of the slice are meant. */
  readonly customers?: string;
  /** jsonb that each entry says of its origin. */
  readonly cause?: string;
}

const CYCLES: Scope = {
  bills: 'cycle BETWEEN $3 AND $4',
  cycles: `SELECT month::date AS cycle FROM generate_series($3::date, $4::date, interval '1 month') month`,
};
const LATE_FIGURES: Scope = {
  bills:
    '(customer_id, cycle) IN (SELECT customer_id, month FROM usage.late_change WHERE intake_id = $3 AND kind = $4)',
  cycles: 'SELECT DISTINCT month AS cycle FROM usage.late_change WHERE intake_id = $3 AND kind = $4',
  customers: 'customer_id IN (SELECT customer_id FROM usage.late_change WHERE intake_id = $3 AND kind = $4)',
  cause: `jsonb_build_object('intakeId', $3::uuid)`,
};

const BILL = `customer_id, source, bill_no, version, cycle, issued_at, is_current, ${BILL_FIGURES}`;

/** What a bill earned so far, by item, and what counted when it was judged first. */
const EARNED_BEFORE = `
  SELECT ${EARN_ITEMS.map((item) => `sum(i.points) FILTER (WHERE i.item = '${item}')::bigint AS earned_${item.toLowerCase()}`).join(', ')},
    (array_agg(metadata ->> 'tier' ORDER BY account_version) FILTER (WHERE metadata ? 'tier'))[1] AS tier,
    (array_agg(metadata -> 'facts' ORDER BY account_version) FILTER (WHERE metadata ? 'facts'))[1] AS facts
  FROM points.journal j, ${itemsOfEntry('j')} i
  WHERE j.customer_id = b.customer_id AND j.source_system = b.source AND j.source_ref = b.bill_no
    AND j.kind IN ('EARN', 'EARN_CORRECTION')`;

/** What counted at first, or, of what has never counted yet, how it is now. */
const fact = (name: string, now: string, type = 'text'): string =>
  `CASE WHEN e.facts IS NULL THEN ${now} ELSE (e.facts ->> '${name}')::${type} END AS ${name}`;

const ITEMS = EARN_ITEMS.map((item) => item.toLowerCase());
const OF_OTHERS = ITEMS.slice(1);

/** Of a bill, the name of the first item in `among` that a condition holds of. */
const firstOf = (among: readonly string[], holds: (item: string) => string): string =>
  `CASE ${among.map((item) => `WHEN ${holds(item)} THEN ':${item}'`).join(' ')} ELSE '' END`;
const saidOf = (item: string): string =>
  `'"${item.toUpperCase()}":{"shouldEarn":' || ${item} || ',"earnedBefore":' || earned_${item} || '}'`;
const sumOf = (term: (item: string) => string): string => ITEMS.map(term).join(' + ');

/** What the entry that judges a bill says besides: what counted. */
const SAID_OF_JUDGEMENT = `'"netSpendInFen":' || earning_fen || ',"tier":' || to_json(tier) || CASE WHEN looks_further
      THEN ',"facts":' || json_build_object('star', star, 'brand', brand, 'months', months, 'grade', grade, 'suspensions', suspensions) ELSE '' END || ','`;

/**
 * The bills that have not been judged by the rules of their month: new ones, new versions, and bills that another bill has
 * replaced; of each bill, item by item, what it should have earned and what it has. A bill keeps the facts of its first judgement, so
 * that a correction corrects the bill and nothing else. Spending is said always and says that the bill is judged; of other items only
 * what changes something. Items that earn more than they did, or the same, are one entry; each that earned too much is one of its own.
 *
 * The slice is said of every table: an equality lets the planner carry over values, but not ranges.
 */
const due = ({ bills, cycles, cause }: Scope): string => `
  INSERT INTO due_item
  WITH rule AS MATERIALIZED (
    SELECT version AS rule_set_version, effective_from, effective_to, ${ruleColumns('rules')} FROM points.earn_rule_set
  ), in_force AS MATERIALIZED (
    SELECT c.cycle, r.rule_set_version, ':r' || r.rule_set_version AS by_rules FROM (${cycles}) c JOIN rule r ON c.cycle >= r.effective_from AND c.cycle < r.effective_to
  ), stated AS (
    SELECT ${BILL} FROM usage.bill b WHERE ${isInSlice('b')} AND ${bills} AND is_current
    UNION ALL
    SELECT * FROM (
      SELECT DISTINCT ON (customer_id, source, bill_no) ${BILL} FROM usage.bill old
      WHERE ${isInSlice('old')} AND ${bills} AND NOT is_current
        AND NOT EXISTS (SELECT FROM usage.bill new WHERE ${isInSlice('new')} AND new.customer_id = old.customer_id
          AND new.source = old.source AND new.bill_no = old.bill_no AND new.is_current)
      ORDER BY customer_id, source, bill_no, version DESC) replaced
  ), unjudged AS MATERIALIZED (
    SELECT * FROM (
      SELECT s.*, r.rule_set_version AS rules,
        'bill:' || s.source || ':' || s.bill_no || ':v' || s.version || r.by_rules AS bill_key
      FROM stated s JOIN in_force r USING (cycle)) b
    WHERE NOT EXISTS (SELECT FROM points.journal j
      WHERE ${isInSlice('j')} AND j.customer_id = b.customer_id AND j.idem_key = b.bill_key || CASE WHEN b.is_current THEN '' ELSE ':replaced' END)
  ), known AS MATERIALIZED (
    SELECT b.*, rule.*, COALESCE(e.tier, c.tier, 'ORDINARY') AS tier, ${fact('star', 'star.tier')}, ${fact('brand', 'p.brand')},
      ${fact('months', MONTHS_IN_NETWORK('p.activated_on', 'b.cycle'), 'int')},
      ${fact('grade', 'COALESCE(credit.tier, p.credit_grade)')},
      ${fact('suspensions', 'COALESCE(month.two_way_suspensions, 0)', 'int')}, ${EARNING_FEN} AS earning_fen,
      ${ITEMS.map((item) => `COALESCE(earned_${item}, 0) AS earned_${item}`).join(', ')}, e.tier IS NOT NULL AS is_corrected, COALESCE(p.real_name OR p.kind = 'group', false) AS may_earn
    FROM unjudged b
    JOIN rule ON rule.rule_set_version = b.rules
    JOIN points.point_account a ON a.customer_id = b.customer_id AND ${isInSlice('a')} AND a.status <> 'CLOSED'
    -- Who has left earns nothing, also while the closing of the account is still on its way.
    JOIN customers.profile p ON p.customer_id = b.customer_id AND ${isInSlice('p')} AND p.archive = 'in-network'
    LEFT JOIN tiering.current_tier c ON c.customer_id = b.customer_id AND ${isInSlice('c')}
    LEFT JOIN tiering.current_level star ON star.customer_id = b.customer_id AND ${isInSlice('star')} AND star.program = 'STAR'
    LEFT JOIN tiering.current_level credit
      ON credit.customer_id = b.customer_id AND ${isInSlice('credit')} AND credit.program = 'CREDIT'
    LEFT JOIN LATERAL (
      SELECT f.two_way_suspensions FROM usage.month_fact f
      WHERE rule.grade_points IS NOT NULL AND f.customer_id = b.customer_id AND f.month = b.cycle LIMIT 1) month ON true
    LEFT JOIN LATERAL (${EARNED_BEFORE}) e ON true
  ), judged AS MATERIALIZED (
    SELECT *, ${lastDayOfSql('expiry_policy', 'cycle')} AS expires_on,
      '{"version":' || version || ',"cycle":"' || to_char(cycle, 'YYYY-MM') || '",' AS said,
      ${EARN_ITEMS.map((item) => `CASE WHEN is_current THEN COALESCE(${ITEM_POINTS[item]}, 0) ELSE 0 END AS ${item.toLowerCase()}`).join(',\n      ')}
    FROM known
  ), item AS (
    SELECT *, ${ITEMS.map((item) => `${item} - earned_${item} AS ${item}_more`).join(', ')},
      ${ITEMS.map((item) => `${item} > earned_${item}`).join(' OR ')} AS gains
    FROM judged
  ), gain AS (
    SELECT *, ${OF_OTHERS.map((item) => `${item}_more > 0`).join(' OR ')} AS is_of_several,
      spending_more >= 0 AS has_spending, ${OF_OTHERS.map((item) => `${item}_more > 0 AS has_${item}`).join(', ')}
    FROM item
    -- Who is not registered with a real name earns nothing; such bills stay unjudged, so they earn in a run after the registration as long
    -- as that looks back to them. What was earned too much is taken back all the same, and does not count as the judgement.
    WHERE is_current AND may_earn AND (gains OR spending_more >= 0)
  )
  SELECT customer_id, source, bill_no, version, cycle, issued_at, NULL::points.points_type, has_spending,
    bill_key || CASE WHEN has_spending THEN '' ELSE ${firstOf(OF_OTHERS, (item) => `has_${item}`)} END,
    rule_set_version, ${sumOf((item) => `GREATEST(${item}_more, 0)`)}, ${ITEMS.map((item) => `GREATEST(${item}_more, 0)`).join(', ')},
    is_corrected, expires_on, waits_for_payment,
    (said || CASE WHEN has_spending THEN ${SAID_OF_JUDGEMENT} ELSE '' END
      || CASE WHEN is_of_several THEN '"items":{' || concat_ws(',', ${ITEMS.map((item) => `CASE WHEN has_${item} THEN ${saidOf(item)} END`).join(', ')}) || '},' ELSE '' END
      || '"shouldEarn":' || (${sumOf((item) => `CASE WHEN has_${item} THEN ${item} ELSE 0 END`)})
      || ',"earnedBefore":' || (${sumOf((item) => `CASE WHEN has_${item} THEN earned_${item} ELSE 0 END`)}) || '}')::jsonb${cause ? ` || ${cause}` : ''}
  FROM gain
  UNION ALL
  SELECT customer_id, source, bill_no, version, cycle, issued_at, i.points_type, i.points_type = 'SPENDING',
    bill_key || i.suffix || CASE WHEN is_current THEN '' ELSE ':replaced' END || CASE WHEN may_earn OR NOT gains THEN '' ELSE ':unnamed' END,
    rule_set_version, i.more, 0, 0, 0, 0, true, expires_on, waits_for_payment,
    (said || CASE i.points_type WHEN 'SPENDING' THEN ${SAID_OF_JUDGEMENT} ELSE '"item":"' || i.points_type || '",' END
      || '"shouldEarn":' || i.should_earn || ',"earnedBefore":' || i.earned || '}')::jsonb${cause ? ` || ${cause}` : ''}
  FROM item j CROSS JOIN LATERAL (VALUES
    ${EARN_ITEMS.map((item, nth) => `('${item}'::points.points_type, '${nth === 0 ? '' : `:${item.toLowerCase()}`}', ${item.toLowerCase()}, earned_${item.toLowerCase()}, ${item.toLowerCase()}_more)`).join(', ')}
  ) i (points_type, suffix, should_earn, earned, more)
  WHERE LEAST(${ITEMS.map((item) => `${item}_more`).join(', ')}) < 0 AND i.more < 0`;

/** `points_type` says of which item too much was earned; of what earns more it is null. */
const DUE_ITEM = `
  CREATE TEMP TABLE due_item (customer_id uuid, source text COLLATE "C", bill_no text COLLATE "C", version int, cycle date,
    issued_at timestamptz, points_type points.points_type, judges boolean, idem_key text, rule_set_version int, delta bigint,
    ${ITEMS.map((item) => `${item} bigint`).join(', ')}, is_correction boolean, expires_on date, waits_for_payment boolean, metadata jsonb) ON COMMIT DROP`;

/** Of a due item, beside who posts: $3 recorded at, $4 business day, $5 run. */
const ENTRY = `
  d.customer_id, ${derivedIdSql('d.customer_id || d.idem_key')} AS journal_id,
  (CASE WHEN d.is_correction THEN 'EARN_CORRECTION' ELSE 'EARN' END)::points.journal_kind AS kind,
  d.delta AS points, d.idem_key, NULL::text AS request_hash, d.issued_at AS occurred_at, $3::timestamptz AS recorded_at,
  $4::date AS business_date, NULL::text AS channel, NULL::text AS actor_id, d.source AS source_system,
  d.bill_no AS source_ref, NULL::uuid AS reverses_journal_id, d.rule_set_version, $5::uuid AS run_id, d.metadata,
  d.expires_on, d.points_type, d.judges, d.cycle, d.waits_for_payment`;

const FUNDER = `'${OPERATOR_FUNDS}' AS funder_id`;
const BILLS = '(SELECT count(*) FROM entry WHERE judges) AS bills';

/** The items of an entry that earn something, and what those before them of the same entry earn. */
const EARNING_ITEMS = `LATERAL (VALUES ${EARN_ITEMS.map(
  (item, nth) =>
    `(${nth + 1}, '${item}'::points.points_type, ${ITEMS[nth]}, ${ITEMS.slice(0, nth).join(' + ') || '0'})`,
).join(', ')}) i (nth, item, earned, earned_by_others)`;

/**
 * Bills that earn more than they did, or the same. Whoever owes has nothing available, so what an account has is one
 * number, \`available - debt\`, and its course over several bills is a running sum of those that do not wait.
 */
const EARN = post(
  `
  entry AS (
    SELECT ${ENTRY}, ${ITEMS.map((item) => `d.${item}`).join(', ')}, a.version + row_number() OVER bills AS account_version,
      GREATEST(a.available - a.debt + (sum(d.usable) OVER bills)::bigint, 0) AS available_after,
      a.available - a.debt + (sum(d.usable) OVER bills)::bigint - d.usable AS net_before
    FROM (SELECT *, CASE WHEN waits_for_payment THEN 0 ELSE delta END AS usable FROM due_item WHERE points_type IS NULL) d
    JOIN points.point_account a ON a.customer_id = d.customer_id AND ${isInSlice('a')}
    WINDOW bills AS (PARTITION BY d.customer_id ORDER BY d.cycle, d.source, d.bill_no ROWS UNBOUNDED PRECEDING)
  ),
  line AS (
    SELECT customer_id, journal_id, i.nth::smallint AS line, business_date, 'ISSUED'::points.account_code AS debit,
      (CASE WHEN waits_for_payment THEN 'CUST_PENDING' ELSE 'CUST_AVAILABLE' END)::points.account_code AS credit,
      i.earned AS points, expires_on, i.item AS points_type, ${FUNDER}
    FROM entry, ${EARNING_ITEMS} WHERE i.earned > 0
    UNION ALL
    SELECT customer_id, journal_id, i.nth + ${EARN_ITEMS.length}, business_date, 'CUST_AVAILABLE', 'CUST_DEBT',
      LEAST(i.earned, -net_before - i.earned_by_others), expires_on, i.item, ${FUNDER}
    FROM entry, ${EARNING_ITEMS} WHERE net_before < 0 AND NOT waits_for_payment AND i.earned > 0 AND net_before + i.earned_by_others < 0
  ),
  waiting AS (
    INSERT INTO points.pending_lot AS l
      (customer_id, source, bill_no, points_type, expires_on, funder_id, pending, cycle, earned_by)
    SELECT customer_id, source_system, source_ref, i.item, expires_on, ${FUNDER}, i.earned, cycle, idem_key
    FROM entry, ${EARNING_ITEMS} WHERE waits_for_payment AND i.earned > 0
    ON CONFLICT (customer_id, source, bill_no, points_type, expires_on, funder_id)
    DO UPDATE SET pending = l.pending + excluded.pending, earned_by = excluded.earned_by
  )`,
  `${BILLS}, COALESCE((SELECT max(turns) FROM (
    SELECT count(*) AS turns FROM due_item WHERE points_type IS NOT NULL GROUP BY customer_id) t), 0) AS turns`,
  isInSlice,
);

/**
 * Of each customer the $6-th item that earned too much. The points are taken out of what still waits for the payment of the bill, then
 * out of its own lot, then out of those that expire first; what has been spent already becomes a debt. Points of another class do not
 * become points of this one: they repay the debt that they stand for.
 */
const TAKE_BACK = post(
  `
  entry AS (
    SELECT e.*, GREATEST(e.available - GREATEST(-e.points - e.pending, 0), 0)::bigint AS available_after
    FROM (
      SELECT ${ENTRY}, a.version + 1 AS account_version, a.available, COALESCE((
          SELECT sum(l.pending) FROM points.pending_lot l
          WHERE l.customer_id = d.customer_id AND l.source = d.source AND l.bill_no = d.bill_no AND l.points_type = d.points_type),
        0)::bigint AS pending
      FROM (
        SELECT *, row_number() OVER (PARTITION BY customer_id ORDER BY cycle, source, bill_no, points_type) AS turn
        FROM due_item WHERE points_type IS NOT NULL) d
      JOIN points.point_account a ON a.customer_id = d.customer_id AND ${isInSlice('a')}
      WHERE d.turn = $6) e
  ),
  lot_to_drain AS (
    SELECT *, sum(found) OVER earlier - found AS found_before, row_number() OVER earlier AS nth
    FROM (
      SELECT e.customer_id, e.journal_id, e.business_date, -e.points AS wanted, e.points_type AS own_type, e.source_system, e.source_ref,
        'CUST_PENDING'::points.account_code AS account, 0 AS rank, l.expires_on, l.points_type, l.funder_id, l.pending AS found
      FROM entry e JOIN points.pending_lot l ON l.customer_id = e.customer_id AND l.source = e.source_system
        AND l.bill_no = e.source_ref AND l.points_type = e.points_type AND l.pending > 0
      UNION ALL
      SELECT e.customer_id, e.journal_id, e.business_date, -e.points, e.points_type, e.source_system, e.source_ref,
        'CUST_AVAILABLE', CASE WHEN b.expires_on = e.expires_on AND b.points_type = e.points_type AND b.funder_id = '${OPERATOR_FUNDS}'
          THEN 1 ELSE 2 END, b.expires_on, b.points_type, b.funder_id, b.remaining
      FROM entry e JOIN points.point_bucket b
        ON b.customer_id = e.customer_id AND ${isInSlice('b')} AND b.remaining > 0) found
    WINDOW earlier AS (PARTITION BY customer_id ORDER BY rank, expires_on, points_type, funder_id ROWS UNBOUNDED PRECEDING)
  ),
  taken AS (
    SELECT *, LEAST(found, wanted - found_before)::bigint AS points FROM lot_to_drain WHERE found_before < wanted
  ),
  owed AS (
    SELECT e.customer_id, -e.points - COALESCE(sum(t.points) FILTER (WHERE t.points_type = t.own_type), 0)::bigint AS points
    FROM entry e LEFT JOIN taken t USING (customer_id) GROUP BY e.customer_id, e.points
  ),
  line AS (
    SELECT customer_id, journal_id, nth::smallint AS line, business_date, account AS debit,
      (CASE WHEN points_type = own_type THEN 'ISSUED' ELSE 'CUST_DEBT' END)::points.account_code AS credit, points,
      expires_on, points_type, funder_id
    FROM taken
    UNION ALL
    SELECT e.customer_id, e.journal_id, 0, e.business_date, 'CUST_DEBT', 'ISSUED', o.points, e.expires_on, e.points_type, ${FUNDER}
    FROM entry e JOIN owed o USING (customer_id) WHERE o.points > 0
  ),
  no_longer_waiting AS (
    UPDATE points.pending_lot l SET pending = l.pending - t.points FROM taken t
    WHERE t.rank = 0 AND l.customer_id = t.customer_id AND l.source = t.source_system AND l.bill_no = t.source_ref
      AND l.points_type = t.points_type AND l.expires_on = t.expires_on AND l.funder_id = t.funder_id AND ${isInSlice('l')}
  )`,
  BILLS,
  isInSlice,
);

export interface Accrued extends Posted {
  readonly bills: number;
  readonly takenBack: number;
}

/** Makes room for the postings of a day; whoever else needs it waits until this transaction ends. */
export async function openBooks(tx: Tx, businessDate: string): Promise<void> {
  await tx.query(`SELECT platform.ensure_month_partition('points', 'posting', $1)`, [businessDate]);
}

/** Lets the bills of a slice of customers earn, or give back, what they should. What is right already is left alone. */
export function accrueFromBills(tx: Tx, { firstCycle, lastCycle, ...slice }: Accrual): Promise<Accrued> {
  // Most of the slice has bills.
  return withoutNestedLoops(tx, () => judge(tx, slice, ACCRUE, [firstCycle, lastCycle]));
}

/** The same for the customers and months that an intake has changed after they were closed, and for nobody else. */
export function correctFromBills(tx: Tx, { intakeId, ...slice }: Correction): Promise<Accrued> {
  return judge(tx, slice, CORRECT, [intakeId, 'BIL']);
}

interface Statements {
  readonly open: string;
  readonly lock: string;
  readonly lockAsksForAll: boolean;
  readonly due: string;
}

const statementsFor = (scope: Scope): Statements => ({
  open: `INSERT INTO points.point_account (customer_id)
    SELECT customer_id FROM customers.profile p
    WHERE ${isInSlice('p')} AND NOT EXISTS (SELECT FROM points.point_account a WHERE ${isInSlice('a')} AND a.customer_id = p.customer_id)
      AND EXISTS (SELECT FROM usage.bill b WHERE ${isInSlice('b')} AND b.customer_id = p.customer_id AND ${scope.bills})
    ORDER BY customer_id ON CONFLICT DO NOTHING`,
  lock: `SELECT count(*) FROM (SELECT FROM points.point_account b
    WHERE ${isInSlice('b')} ${scope.customers ? `AND ${scope.customers}` : ''}
    ORDER BY customer_id FOR UPDATE) held`,
  lockAsksForAll: scope.customers === undefined,
  due: due(scope),
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
  await tx.execute(DUE_ITEM);
  await tx.execute(statements.due, [from, to, ...asked]);
  const params = [from, to, recordedAt, businessDate, runId];
  const [earned] = await intoOpenBooks(tx.query<Omit<Accrued, 'takenBack'> & { readonly turns: number }>(EARN, params));
  if (!earned) throw new Error('What was posted is counted');
  let { bills, entries, postings, points } = earned;
  let takenBack = 0;
  for (let turn = 1; turn <= earned.turns; turn += 1) {
    const [taken] = await intoOpenBooks(tx.query<Omit<Accrued, 'takenBack'>>(TAKE_BACK, [...params, turn]));
    if (!taken) throw new Error('What was posted is counted');
    bills += taken.bills;
    entries += taken.entries;
    postings += taken.postings;
    points += taken.points;
    takenBack -= taken.points;
  }
  return { bills, entries, postings, points, takenBack };
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
