import type { MigrationInterface, QueryRunner } from 'typeorm';
import { OpenBills1763900300040 } from './1763900300040-open-bills.js';

/**
 * Bills and payment behaviour of a range of customers in one scan each, for work over everybody: asked one by one, a credit rating made
 * 776 customers a second. One text says the rules for one customer and for many.
 */
export class BillsOfMany1764100300001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE OR REPLACE FUNCTION usage.bills_of(who uuid, as_of timestamptz) RETURNS TABLE (${BILL_COLUMNS})
      LANGUAGE sql STABLE ROWS 12 AS $$ ${bills(isHim, '')} $$`);
    await q.query(`
      CREATE FUNCTION usage.bills_between(low uuid, high uuid, as_of timestamptz) RETURNS TABLE (customer_id uuid, ${BILL_COLUMNS})
      LANGUAGE sql STABLE ROWS 100000 AS $$ ${bills(isBetween, 'p.customer_id, ')} $$`);
    await q.query(`
      CREATE OR REPLACE FUNCTION usage.payment_behaviour_of(who uuid, as_of timestamptz) RETURNS TABLE (${BEHAVIOUR_COLUMNS})
      LANGUAGE sql STABLE ROWS 1 AS $$
      ${behaviour({ whom: 'SELECT who AS customer_id', bills: 'who AS customer_id, b.* FROM usage.bills_of(who, as_of) b', isMeant: isHim, also: '' })} $$`);
    await q.query(`
      CREATE FUNCTION usage.payment_behaviour_between(low uuid, high uuid, as_of timestamptz)
      RETURNS TABLE (customer_id uuid, ${BEHAVIOUR_COLUMNS}) LANGUAGE sql STABLE ROWS 10000 AS $$
      ${behaviour({
        whom: `SELECT b.customer_id FROM usage.customer_bill b WHERE ${isBetween('b')}
          UNION SELECT a.customer_id FROM usage.arrears_record a WHERE ${isBetween('a')}`,
        bills: 'b.* FROM usage.bills_between(low, high, as_of) b',
        isMeant: isBetween,
        also: 'c.customer_id, ',
      })} $$`);
  }

  async down(q: QueryRunner): Promise<void> {
    for (const name of ['payment_behaviour_between', 'bills_between']) {
      await q.query(`DROP FUNCTION usage.${name}(uuid, uuid, timestamptz)`);
    }
    for (const before of OpenBills1763900300040.functions) {
      await q.query(before.replace('CREATE FUNCTION', 'CREATE OR REPLACE FUNCTION'));
    }
  }
}

type IsMeant = (alias: string) => string;
const isHim: IsMeant = (alias) => `${alias}.customer_id = who`;
/** Also `high` itself is of the range. */
const isBetween: IsMeant = (alias) => `${alias}.customer_id >= low AND ${alias}.customer_id <= high`;

const BILL_COLUMNS = `source text, bill_no text, version smallint, cycle date, issued_at timestamptz, due_on date, payable_fen bigint,
  remaining_fen bigint, written_off_fen bigint, settled_at timestamptz, state text, has_bill boolean`;

const BEHAVIOUR_COLUMNS = `settled_bills int, on_time_bills int, late_days int, written_off_bills int, billed_of_last_12 int,
  settled_of_last_12 int, suspensions int, payments int, payments_by_others int, payments_by_method jsonb, paid_fen bigint,
  last_paid_at timestamptz, last_paid_fen bigint`;

/**
 * The bills as everything says that happened before `as_of`. Operation 3 is CANCEL; status 2 DISPUTED, 3 WRITTEN_OFF.
 * A queue that money empties has no need of a loop: what is left of it is how far the sum of all steps stands above its lowest point.
 * Money never comes back out of it, so a bill is paid by the first step with which as much is gone as is owed up to it.
 */
const bills = (isMeant: IsMeant, also: string): string => `
  WITH said AS (
    SELECT b.customer_id, b.source, b.bill_no, b.version, b.cycle, b.issued_at, b.due_on, b.payable_fen, b.paid_fen, b.is_current,
      COALESCE(b.supersedes, b.bill_no) AS root,
      min(b.issued_at) OVER (PARTITION BY b.customer_id, b.source, COALESCE(b.supersedes, b.bill_no)) AS first_issued_at
    FROM usage.customer_bill b WHERE ${isMeant('b')}
  ), number AS (
    SELECT customer_id, source, bill_no, min(root) AS root FROM said GROUP BY customer_id, source, bill_no
  ), only_bill AS (
    SELECT customer_id, source, cycle, min(root) AS root FROM said WHERE is_current
    GROUP BY customer_id, source, cycle HAVING count(*) = 1
  ), money AS (
    SELECT p.customer_id, p.source, p.bill_no, n.root, p.payment_id, p.paid_at, p.amount_fen
    FROM usage.payment p LEFT JOIN number n ON n.customer_id = p.customer_id AND n.source = p.source AND n.bill_no = p.bill_no
    WHERE ${isMeant('p')} AND p.is_current AND p.operation <> 3 AND p.paid_at < as_of
  ), item AS (
    SELECT DISTINCT ON (a.customer_id, a.source, place.root, place.cycle, place.bill_no)
      a.customer_id, a.source, place.root, a.bill_no, a.cycle, a.due_on, a.arrears_fen, a.status,
      a.snapshot_on::timestamp AT TIME ZONE 'Asia/Shanghai' AS taken_at
    FROM usage.arrears_record a
      LEFT JOIN number n ON n.customer_id = a.customer_id AND n.source = a.source AND n.bill_no = a.bill_no
      LEFT JOIN only_bill o ON a.bill_no IS NULL AND o.customer_id = a.customer_id AND o.source = a.source AND o.cycle = a.cycle
      CROSS JOIN LATERAL (
        SELECT COALESCE(n.root, o.root) AS root,
          CASE WHEN COALESCE(n.root, o.root) IS NULL THEN a.cycle END AS cycle,
          CASE WHEN COALESCE(n.root, o.root) IS NULL THEN a.bill_no END AS bill_no
      ) place
    WHERE ${isMeant('a')} AND a.is_current AND a.operation <> 3
      AND a.snapshot_on::timestamp AT TIME ZONE 'Asia/Shanghai' <= as_of
    ORDER BY a.customer_id, a.source, place.root, place.cycle, place.bill_no, a.snapshot_on DESC, a.record_id DESC
  ), issued AS (
    SELECT b.*, b.payable_fen - b.paid_fen AS unpaid_at_issue_fen, i.taken_at, i.status, i.arrears_fen
    FROM said b
      LEFT JOIN item i ON i.customer_id = b.customer_id AND i.source = b.source AND i.root = b.root AND i.taken_at > b.issued_at
    WHERE b.is_current AND b.first_issued_at < as_of
  ), named AS (
    SELECT b.customer_id, b.source, b.bill_no, b.version, b.taken_at, b.unpaid_at_issue_fen, m.paid_at, m.amount_fen,
      sum(m.amount_fen) OVER (PARTITION BY b.customer_id, b.source, b.bill_no, b.version
        ORDER BY m.paid_at, m.payment_id ROWS UNBOUNDED PRECEDING) AS running_fen
    FROM issued b JOIN money m ON m.customer_id = b.customer_id AND m.source = b.source AND m.root = b.root
  ), own AS (
    SELECT customer_id, source, bill_no, version,
      sum(amount_fen) FILTER (WHERE taken_at IS NULL OR paid_at >= taken_at) AS counted_fen,
      min(paid_at) FILTER (WHERE running_fen >= unpaid_at_issue_fen) AS covered_at, max(paid_at) AS last_at
    FROM named GROUP BY customer_id, source, bill_no, version
  ), stated AS (
    SELECT b.customer_id, b.source, b.bill_no, b.version, b.cycle, b.first_issued_at, b.due_on, b.payable_fen,
      b.unpaid_at_issue_fen, b.taken_at, b.status, b.arrears_fen, true AS has_bill,
      COALESCE(own.counted_fen, 0) AS own_fen, own.covered_at, own.last_at
    FROM issued b
      LEFT JOIN own ON own.customer_id = b.customer_id AND own.source = b.source AND own.bill_no = b.bill_no AND own.version = b.version
    UNION ALL
    SELECT i.customer_id, i.source, i.bill_no, NULL, i.cycle, i.taken_at, i.due_on, i.arrears_fen, i.arrears_fen, i.taken_at, i.status,
      i.arrears_fen, false, 0, NULL, NULL
    FROM item i
    WHERE i.root IS NULL AND (i.bill_no IS NOT NULL OR NOT EXISTS (
      SELECT FROM said s WHERE s.customer_id = i.customer_id AND s.source = i.source AND s.cycle = i.cycle))
  ), owed AS (
    SELECT s.*, greatest(0, CASE WHEN s.status = 3 THEN 0 WHEN s.taken_at IS NULL THEN s.unpaid_at_issue_fen
        ELSE s.arrears_fen END - s.own_fen)::bigint AS owed_fen,
      COALESCE(s.taken_at, s.first_issued_at) AS stated_at
    FROM stated s
  ), queue AS (
    SELECT o.*, row_number() OVER place AS nth, sum(o.owed_fen) OVER place AS owed_up_to_fen
    FROM owed o
    WINDOW place AS (PARTITION BY o.customer_id
      ORDER BY o.stated_at, o.first_issued_at, o.cycle, o.source, o.bill_no ROWS UNBOUNDED PRECEDING)
  ), unnamed AS (
    SELECT customer_id, source, payment_id, paid_at, greatest(0, amount_fen) AS fen FROM money WHERE bill_no IS NULL
  ), step AS (
    SELECT q.customer_id, q.stated_at AS at, 0 AS kind, q.nth, '' AS source, '' AS payment_id, q.owed_fen AS fen FROM queue q
    WHERE q.owed_fen > 0 AND q.customer_id IN (SELECT customer_id FROM unnamed)
    UNION ALL
    SELECT customer_id, paid_at, 1, 0, source, payment_id, -fen FROM unnamed
  ), walk AS (
    SELECT s.*, sum(greatest(0, fen)) OVER way AS came_fen, sum(fen) OVER way AS height_fen
    FROM step s WINDOW way AS (PARTITION BY customer_id ORDER BY at, kind, nth, source, payment_id ROWS UNBOUNDED PRECEDING)
  ), emptied AS (
    SELECT customer_id, at, kind, came_fen - height_fen + least(0, min(height_fen) OVER (
        PARTITION BY customer_id ORDER BY at, kind, nth, source, payment_id ROWS UNBOUNDED PRECEDING)) AS gone_fen
    FROM walk
  ), depth AS (
    SELECT customer_id, NULL::bigint AS nth, gone_fen AS fen, at, gone_fen FROM emptied WHERE kind = 1
    UNION ALL
    SELECT customer_id, nth, owed_up_to_fen, NULL, NULL FROM queue WHERE owed_fen > 0
  ), reached AS (
    SELECT customer_id, nth, min(at) OVER (PARTITION BY customer_id ORDER BY fen DESC) AS emptied_at,
      max(gone_fen) OVER (PARTITION BY customer_id) AS gone_fen
    FROM depth
  ), placed AS (
    SELECT q.*, least(q.owed_fen, greatest(0, q.owed_up_to_fen - COALESCE(r.gone_fen, 0)))::bigint AS left_fen, r.emptied_at
    FROM queue q LEFT JOIN reached r ON r.customer_id = q.customer_id AND r.nth = q.nth
  )
  SELECT ${also}p.source, p.bill_no, p.version, p.cycle, p.first_issued_at, p.due_on, p.payable_fen, p.left_fen,
    CASE WHEN p.status = 3 THEN p.arrears_fen ELSE 0 END,
    CASE WHEN p.left_fen > 0 OR p.status = 3 THEN NULL
      WHEN p.unpaid_at_issue_fen <= 0 THEN p.first_issued_at
      WHEN p.owed_fen > 0 THEN greatest(p.first_issued_at, p.emptied_at, p.last_at)
      ELSE greatest(p.first_issued_at, COALESCE(p.covered_at, p.taken_at)) END,
    CASE WHEN p.left_fen = 0 THEN 'settled' WHEN p.status = 2 THEN 'onHold' WHEN p.left_fen < p.payable_fen THEN 'partiallyPaid'
      ELSE 'sent' END,
    p.has_bill
  FROM placed p`;

/** How somebody pays. Only what is settled is judged: what is open is seen in the arrears, and no clock is needed here. */
const behaviour = (of: { whom: string; bills: string; isMeant: IsMeant; also: string }): string => `
  WITH bill AS (
    SELECT b.customer_id, b.cycle, b.settled_at, b.written_off_fen,
      greatest(0, (b.settled_at AT TIME ZONE 'Asia/Shanghai')::date - b.due_on) AS days_late,
      dense_rank() OVER (PARTITION BY b.customer_id ORDER BY b.cycle DESC) AS months_back
    FROM (SELECT ${of.bills} WHERE b.has_bill AND b.payable_fen > 0) b
  )
  SELECT ${of.also}COALESCE(b.settled, 0), COALESCE(b.on_time, 0), COALESCE(b.late_days, 0), COALESCE(b.written_off, 0),
    COALESCE(m.billed, 0), COALESCE(m.settled, 0), COALESCE(stopped.times, 0), COALESCE(paid.payments, 0), COALESCE(paid.by_others, 0),
    COALESCE(paid.by_method, '{}'), COALESCE(paid.fen, 0), last.paid_at, last.amount_fen
  FROM (${of.whom}) c
  LEFT JOIN (
    SELECT customer_id, count(settled_at)::int AS settled, (count(settled_at) FILTER (WHERE days_late = 0))::int AS on_time,
      (sum(days_late) FILTER (WHERE settled_at IS NOT NULL))::int AS late_days, (count(*) FILTER (WHERE written_off_fen > 0))::int AS written_off
    FROM bill GROUP BY customer_id
  ) b ON b.customer_id = c.customer_id
  LEFT JOIN (
    SELECT customer_id, count(*)::int AS billed, (count(*) FILTER (WHERE is_settled))::int AS settled
    FROM (
      SELECT customer_id, bool_and(settled_at IS NOT NULL) AS is_settled FROM bill WHERE months_back <= 12 GROUP BY customer_id, cycle
    ) month GROUP BY customer_id
  ) m ON m.customer_id = c.customer_id
  LEFT JOIN (
    SELECT f.customer_id, sum(f.one_way_suspensions + f.two_way_suspensions)::int AS times
    FROM usage.customer_month f WHERE ${of.isMeant('f')} AND f.month < as_of GROUP BY f.customer_id
  ) stopped ON stopped.customer_id = c.customer_id
  LEFT JOIN (
    SELECT customer_id, sum(n)::int AS payments, sum(others)::int AS by_others, jsonb_object_agg(method, n) AS by_method,
      sum(fen)::bigint AS fen
    FROM (
      SELECT p.customer_id, COALESCE(p.method, 'OTHER') AS method, count(*) AS n, count(*) FILTER (WHERE p.paid_by_other) AS others,
        sum(p.amount_fen) AS fen
      FROM usage.payment p
      WHERE ${of.isMeant('p')} AND p.is_current AND p.operation <> 3 AND p.paid_at < as_of
      GROUP BY p.customer_id, COALESCE(p.method, 'OTHER')
    ) per_method GROUP BY customer_id
  ) paid ON paid.customer_id = c.customer_id
  LEFT JOIN (
    SELECT DISTINCT ON (p.customer_id) p.customer_id, p.paid_at, p.amount_fen
    FROM usage.payment p
    WHERE ${of.isMeant('p')} AND p.is_current AND p.operation <> 3 AND p.paid_at < as_of
    ORDER BY p.customer_id, p.paid_at DESC, p.source, p.payment_id DESC
  ) last ON last.customer_id = c.customer_id`;
