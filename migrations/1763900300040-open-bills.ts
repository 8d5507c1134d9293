import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant } from '../src/platform/database/migration-tools.js';

/**
 * How bills, payments and arrears hang together (帐务闭环, USG-04), in one place for all who ask. Made from the records alone, so it
 * does not matter in which order they came. The same rules stand, step by step, in test/modules/usage/support/open-bills-model.ts,
 * which a property test holds against this.
 */
export class OpenBills1763900300040 implements MigrationInterface {
  static get functions(): readonly string[] {
    return [BILLS_OF, BEHAVIOUR_OF];
  }

  async up(q: QueryRunner): Promise<void> {
    for (const sql of OpenBills1763900300040.functions) await q.query(sql);
    await q.query(`
      CREATE VIEW usage.bill_standing WITH (security_invoker = true) AS
      SELECT c.customer_id, bill.* FROM (${BILLED}) c CROSS JOIN LATERAL usage.bills_of(c.customer_id, 'infinity') bill`);
    await q.query(`
      CREATE VIEW usage.open_bill WITH (security_invoker = true) AS
      SELECT * FROM usage.bill_standing WHERE remaining_fen > 0`);
    await q.query(`
      CREATE VIEW usage.payment_behaviour WITH (security_invoker = true) AS
      SELECT c.customer_id, behaviour.*
      FROM (${BILLED}) c CROSS JOIN LATERAL usage.payment_behaviour_of(c.customer_id, 'infinity') behaviour`);
    for (const view of ['bill_standing', 'open_bill', 'payment_behaviour'])
      await grant(q, `usage.${view}`, 'read-only');
  }

  async down(q: QueryRunner): Promise<void> {
    for (const view of ['payment_behaviour', 'open_bill', 'bill_standing']) await q.query(`DROP VIEW usage.${view}`);
    await q.query('DROP FUNCTION usage.payment_behaviour_of(uuid, timestamptz)');
    await q.query('DROP FUNCTION usage.bills_of(uuid, timestamptz)');
  }
}

// Arrears of before our first bill are of customers without one.
const BILLED = `SELECT customer_id FROM usage.customer_bill UNION SELECT customer_id FROM usage.arrears_record`;

/**
 * The bills of one customer as everything says that happened before `as_of`. Operation 3 is CANCEL; status 2 DISPUTED, 3 WRITTEN_OFF.
 * A queue that money empties has no need of a loop: what is left of it is how far the sum of all steps stands above its lowest point.
 */
const BILLS_OF = `
CREATE FUNCTION usage.bills_of(who uuid, as_of timestamptz) RETURNS TABLE (
  source text, bill_no text, version smallint, cycle date, issued_at timestamptz, due_on date, payable_fen bigint,
  remaining_fen bigint, written_off_fen bigint, settled_at timestamptz, state text, has_bill boolean
) LANGUAGE sql STABLE ROWS 12 AS $$
  WITH said AS (
    SELECT b.*, COALESCE(b.supersedes, b.bill_no) AS root,
      min(b.issued_at) OVER (PARTITION BY b.source, COALESCE(b.supersedes, b.bill_no)) AS first_issued_at
    FROM usage.customer_bill b WHERE b.customer_id = who
  ), number AS (
    SELECT source, bill_no, min(root) AS root FROM said GROUP BY source, bill_no
  ), only_bill AS (
    SELECT source, cycle, min(root) AS root FROM said WHERE is_current GROUP BY source, cycle HAVING count(*) = 1
  ), money AS (
    SELECT p.source, p.bill_no, n.root, p.payment_id, p.paid_at, p.amount_fen
    FROM usage.payment p LEFT JOIN number n ON n.source = p.source AND n.bill_no = p.bill_no
    WHERE p.customer_id = who AND p.is_current AND p.operation <> 3 AND p.paid_at < as_of
  ), item AS (
    SELECT DISTINCT ON (a.source, place.root, place.cycle, place.bill_no)
      a.source, place.root, a.bill_no, a.cycle, a.due_on, a.arrears_fen, a.status,
      a.snapshot_on::timestamp AT TIME ZONE 'Asia/Shanghai' AS taken_at
    FROM usage.arrears_record a
      LEFT JOIN number n ON n.source = a.source AND n.bill_no = a.bill_no
      LEFT JOIN only_bill o ON a.bill_no IS NULL AND o.source = a.source AND o.cycle = a.cycle
      CROSS JOIN LATERAL (
        SELECT COALESCE(n.root, o.root) AS root,
          CASE WHEN COALESCE(n.root, o.root) IS NULL THEN a.cycle END AS cycle,
          CASE WHEN COALESCE(n.root, o.root) IS NULL THEN a.bill_no END AS bill_no
      ) place
    WHERE a.customer_id = who AND a.is_current AND a.operation <> 3
      AND a.snapshot_on::timestamp AT TIME ZONE 'Asia/Shanghai' <= as_of
    ORDER BY a.source, place.root, place.cycle, place.bill_no, a.snapshot_on DESC, a.record_id DESC
  ), stated AS (
    SELECT b.source, b.bill_no, b.version, b.cycle, b.first_issued_at, b.issued_at, b.due_on, b.payable_fen,
      b.payable_fen - b.paid_fen AS unpaid_at_issue_fen, i.taken_at, i.status, i.arrears_fen, true AS has_bill,
      COALESCE(own.counted_fen, 0) AS own_fen, own.covered_at, own.last_at
    FROM said b
      LEFT JOIN item i ON i.source = b.source AND i.root = b.root AND i.taken_at > b.issued_at
      LEFT JOIN LATERAL (
        SELECT sum(m.amount_fen) FILTER (WHERE i.taken_at IS NULL OR m.paid_at >= i.taken_at) AS counted_fen,
          min(m.paid_at) FILTER (WHERE m.running_fen >= b.payable_fen - b.paid_fen) AS covered_at, max(m.paid_at) AS last_at
        FROM (
          SELECT money.paid_at, money.amount_fen,
            sum(money.amount_fen) OVER (ORDER BY money.paid_at, money.payment_id) AS running_fen
          FROM money WHERE money.source = b.source AND money.root = b.root
        ) m
      ) own ON true
    WHERE b.is_current AND b.first_issued_at < as_of
    UNION ALL
    SELECT i.source, i.bill_no, NULL, i.cycle, i.taken_at, i.taken_at, i.due_on, i.arrears_fen, i.arrears_fen, i.taken_at, i.status,
      i.arrears_fen, false, 0, NULL, NULL
    FROM item i
    WHERE i.root IS NULL AND (i.bill_no IS NOT NULL OR NOT EXISTS (
      SELECT FROM said WHERE said.source = i.source AND said.cycle = i.cycle))
  ), owed AS (
    SELECT s.*, greatest(0, CASE WHEN s.status = 3 THEN 0 WHEN s.taken_at IS NULL THEN s.unpaid_at_issue_fen
        ELSE s.arrears_fen END - s.own_fen)::bigint AS owed_fen,
      COALESCE(s.taken_at, s.first_issued_at) AS stated_at
    FROM stated s
  ), queue AS (
    SELECT o.*, row_number() OVER place AS nth, sum(o.owed_fen) OVER place AS owed_up_to_fen
    FROM owed o
    WINDOW place AS (ORDER BY o.stated_at, o.first_issued_at, o.cycle, o.source, o.bill_no ROWS UNBOUNDED PRECEDING)
  ), step AS (
    SELECT stated_at AS at, 0 AS kind, nth, '' AS source, '' AS payment_id, owed_fen AS fen FROM queue
    UNION ALL
    SELECT paid_at, 1, 0, source, payment_id, -greatest(0, amount_fen) FROM money WHERE bill_no IS NULL
  ), walk AS (
    SELECT at, kind, sum(greatest(0, fen)) OVER way AS came_fen, sum(fen) OVER way AS height_fen,
      row_number() OVER way AS nth
    FROM step WINDOW way AS (ORDER BY at, kind, nth, source, payment_id ROWS UNBOUNDED PRECEDING)
  ), emptied AS (
    SELECT at, kind, nth,
      came_fen - height_fen + least(0, min(height_fen) OVER (ORDER BY nth ROWS UNBOUNDED PRECEDING)) AS gone_fen
    FROM walk
  ), placed AS (
    SELECT q.*, least(q.owed_fen, greatest(0, q.owed_up_to_fen - (SELECT e.gone_fen FROM emptied e ORDER BY e.nth DESC LIMIT 1)))::bigint
        AS left_fen,
      (SELECT min(e.at) FROM emptied e WHERE e.kind = 1 AND e.gone_fen >= q.owed_up_to_fen) AS emptied_at
    FROM queue q
  )
  SELECT p.source, p.bill_no, p.version, p.cycle, p.first_issued_at, p.due_on, p.payable_fen, p.left_fen,
    CASE WHEN p.status = 3 THEN p.arrears_fen ELSE 0 END,
    CASE WHEN p.left_fen > 0 OR p.status = 3 THEN NULL
      WHEN p.unpaid_at_issue_fen <= 0 THEN p.first_issued_at
      WHEN p.owed_fen > 0 THEN greatest(p.first_issued_at, p.emptied_at, p.last_at)
      ELSE greatest(p.first_issued_at, COALESCE(p.covered_at, p.taken_at)) END,
    CASE WHEN p.left_fen = 0 THEN 'settled' WHEN p.status = 2 THEN 'onHold' WHEN p.left_fen < p.payable_fen THEN 'partiallyPaid'
      ELSE 'sent' END,
    p.has_bill
  FROM placed p
$$`;

/** How somebody pays. Only what is settled is judged: what is open is seen in the arrears, and no clock is needed here. */
const BEHAVIOUR_OF = `
CREATE FUNCTION usage.payment_behaviour_of(who uuid, as_of timestamptz) RETURNS TABLE (
  settled_bills int, on_time_bills int, late_days int, written_off_bills int, billed_of_last_12 int, settled_of_last_12 int,
  suspensions int, payments int, payments_by_others int, payments_by_method jsonb, paid_fen bigint, last_paid_at timestamptz,
  last_paid_fen bigint
) LANGUAGE sql STABLE ROWS 1 AS $$
  WITH bill AS (
    SELECT b.*, greatest(0, (b.settled_at AT TIME ZONE 'Asia/Shanghai')::date - b.due_on) AS days_late,
      dense_rank() OVER (ORDER BY b.cycle DESC) AS months_back
    FROM usage.bills_of(who, as_of) b WHERE b.has_bill AND b.payable_fen > 0
  ), month AS (
    SELECT cycle, bool_and(settled_at IS NOT NULL) AS is_settled FROM bill WHERE months_back <= 12 GROUP BY cycle
  ), money AS (
    SELECT p.source, p.payment_id, p.paid_at, p.amount_fen, p.method, p.paid_by_other FROM usage.payment p
    WHERE p.customer_id = who AND p.is_current AND p.operation <> 3 AND p.paid_at < as_of
  )
  SELECT b.settled, b.on_time, b.late_days, b.written_off, m.billed, m.settled,
    (SELECT COALESCE(sum(c.one_way_suspensions + c.two_way_suspensions), 0)::int FROM usage.customer_month c
     WHERE c.customer_id = who AND c.month < as_of),
    paid.payments, paid.by_others, COALESCE(paid.by_method, '{}'), paid.fen, last.paid_at, last.amount_fen
  FROM (
    SELECT count(settled_at)::int AS settled, (count(settled_at) FILTER (WHERE days_late = 0))::int AS on_time,
      COALESCE(sum(days_late) FILTER (WHERE settled_at IS NOT NULL), 0)::int AS late_days, (count(*) FILTER (WHERE written_off_fen > 0))::int AS written_off
    FROM bill
  ) b
  CROSS JOIN (SELECT count(*)::int AS billed, (count(*) FILTER (WHERE is_settled))::int AS settled FROM month) m
  CROSS JOIN (
    SELECT COALESCE(sum(n), 0)::int AS payments, COALESCE(sum(others), 0)::int AS by_others,
      jsonb_object_agg(method, n) AS by_method, COALESCE(sum(fen), 0)::bigint AS fen
    FROM (
      SELECT COALESCE(method, 'OTHER') AS method, count(*) AS n, count(*) FILTER (WHERE paid_by_other) AS others, sum(amount_fen) AS fen
      FROM money GROUP BY 1
    ) per_method
  ) paid
  LEFT JOIN (SELECT paid_at, amount_fen FROM money ORDER BY paid_at DESC, source, payment_id DESC LIMIT 1) last ON true
$$`;
