import { lastDayOfSql, mustExceedSql } from '../earning/earn-items-sql.js';
import { postAndAnswer } from './posting-sql.js';

/**
 * The operations of `single-operations` for many customers in one statement. They carry out what is plain: the account is there, nobody
 * else is changing it, nothing stands against it and the key is new. All others are left out and done alone, by the function that also
 * says what is wrong.
 */

/** What each operation is called with, in this order. */
const ASKED = {
  customer_id: 'uuid',
  journal_id: 'uuid',
  kind: 'points.journal_kind',
  idem_key: 'text',
  request_hash: 'text',
  occurred_at: 'timestamptz',
  recorded_at: 'timestamptz',
  business_date: 'date',
  channel: 'text',
  actor_id: 'text',
  metadata: 'jsonb',
  event: 'text',
} as const;

/**
 * Those whose account nobody else holds, and who have not asked before; `alone` leaves out more of them. What was changed after the
 * statement began, which sees lots and keys as they were then, shows in the version.
 */
function asked(more: Readonly<Record<string, string>>, alone = 'false'): string {
  const params = Object.entries({ ...ASKED, ...more });
  return `
    told_by_caller AS MATERIALIZED (
      SELECT nth, ${params.map(([name, type], i) => `p${i + 1}::${type} AS ${name}`).join(', ')}
      FROM unnest(${params.map((_, i) => `$${i + 1}::text[]`).join(', ')}) WITH ORDINALITY
        AS t (${params.map((_, i) => `p${i + 1}`).join(', ')}, nth)
    ), locked AS MATERIALIZED (
      SELECT * FROM points.point_account WHERE customer_id = ANY($1::text[]::uuid[]) AND status = 'ACTIVE' FOR NO KEY UPDATE SKIP LOCKED
    ), asked AS MATERIALIZED (
      SELECT t.*, l.available, l.version, l.debt, l.lifetime_earned, l.frozen_reason
      FROM told_by_caller t JOIN locked l USING (customer_id) JOIN points.point_account seen USING (customer_id)
      WHERE seen.version = l.version AND NOT EXISTS (SELECT FROM points.journal j WHERE j.customer_id = t.customer_id AND j.idem_key = t.idem_key) AND NOT (${alone})
    )`;
}

/** Entries of the rows of `plain`, and the events that tell of them. */
const entries = (points: string, availableAfter: string, moved: string): string => `
    entry AS MATERIALIZED (
      SELECT nth, customer_id, journal_id, version + 1 AS account_version, kind, ${points} AS points, ${availableAfter} AS available_after,
        idem_key, request_hash, occurred_at, recorded_at, business_date, channel, actor_id, NULL::text AS source_system,
        NULL::text AS source_ref, NULL::uuid AS reverses_journal_id, NULL::integer AS rule_set_version, NULL::uuid AS run_id, metadata
      FROM plain
    ), told AS (
      INSERT INTO platform.outbox (name, customer_id, payload, occurred_at, recorded_at)
      SELECT event, customer_id, jsonb_build_object('customerId', customer_id, 'journalId', journal_id, 'points', ${moved}),
        occurred_at, recorded_at
      FROM plain WHERE event IS NOT NULL
    )`;

const ANSWER = `SELECT nth, 'done' AS said, available_after, NULL::jsonb AS facts FROM entry`;

const LAST_DAY = lastDayOfSql(`rules ->> 'expiry'`, `date_trunc('month', a.business_date)`);
const RULE_OF_THE_DAY =
  'points.earn_rule_set WHERE a.business_date >= effective_from AND a.business_date < effective_to';
const HAS_REAL_NAME = `COALESCE(c.real_name OR c.kind = 'group', false)`;

export const EARN_FOR_MANY = postAndAnswer(
  `${asked({
    moved: 'bigint',
    out_of: 'points.account_code',
    last_day: 'date',
    points_type: 'points.points_type',
    funder_id: 'text',
  })}, plain AS MATERIALIZED (
      SELECT a.*, COALESCE(a.last_day, (SELECT ${LAST_DAY} FROM ${RULE_OF_THE_DAY})) AS expires_on
      FROM asked a JOIN customers.profile c USING (customer_id) WHERE ${HAS_REAL_NAME}
    ), ${entries('moved', 'available + moved - LEAST(debt, moved)', 'moved')}, line AS (
      SELECT customer_id, journal_id, 1 AS line, business_date, out_of AS debit, 'CUST_AVAILABLE'::points.account_code AS credit,
        moved AS points, expires_on, points_type, funder_id FROM plain
      UNION ALL
      SELECT customer_id, journal_id, 2, business_date, 'CUST_AVAILABLE', 'CUST_DEBT', LEAST(debt, moved), expires_on, points_type, funder_id
      FROM plain WHERE debt > 0
    )`,
  ANSWER,
);

/** Few need more lots than these. */
const MOST_LOTS = 8;

/** The lots that are used, those that expire first, first; of whoever has enough in them. */
const spending = (into: string): string => `
    may AS MATERIALIZED (
      SELECT a.* FROM asked a JOIN customers.profile c USING (customer_id)
      WHERE ${HAS_REAL_NAME} AND c.status IS DISTINCT FROM 'suspended' AND a.frozen_reason IS NULL AND (c.kind <> 'group' OR a.metadata ? 'keyPersonId')
        AND a.lifetime_earned > (
          SELECT ${mustExceedSql('rules', 'c.region')} FROM ${RULE_OF_THE_DAY})
    ), course AS (
      SELECT m.nth, b.expires_on, b.points_type, b.funder_id, b.remaining, m.moved, row_number() OVER course AS line,
        sum(b.remaining) OVER (PARTITION BY m.nth) AS usable, (sum(b.remaining) OVER course)::bigint - b.remaining AS before
      FROM may m CROSS JOIN LATERAL (
        SELECT * FROM points.point_bucket
        WHERE customer_id = m.customer_id AND remaining > 0 AND expires_on >= m.business_date
          AND (m.classes IS NULL OR points_type = ANY(m.classes))
        ORDER BY expires_on, points_type, funder_id LIMIT ${MOST_LOTS}
      ) b
      WINDOW course AS (PARTITION BY m.nth ORDER BY b.expires_on, b.points_type, b.funder_id)
    ), drawn AS MATERIALIZED (
      SELECT nth, line, LEAST(remaining, moved - before) AS points, expires_on, points_type, funder_id
      FROM course WHERE usable >= moved AND before < moved
    ), plain AS MATERIALIZED (
      SELECT * FROM may WHERE nth IN (SELECT nth FROM drawn)
    ), ${entries(`CASE WHEN ${into} = 'CUST_HELD' THEN 0 ELSE -moved END`, 'available - moved', 'moved')}, line AS (
      SELECT p.customer_id, p.journal_id, d.line, p.business_date, 'CUST_AVAILABLE'::points.account_code AS debit,
        ${into}::points.account_code AS credit, d.points, d.expires_on, d.points_type, d.funder_id
      FROM drawn d JOIN plain p USING (nth)
    )`;

const SPENT = { moved: 'bigint', into_code: 'points.account_code', classes: 'points.points_type[]' } as const;

export const SPEND_FOR_MANY = postAndAnswer(`${asked(SPENT)}, ${spending('into_code')}`, ANSWER);

/** Where there is a budget each takes from it alone, so that nobody waits for one budget while he holds another. */
const HAS_BUDGET =
  'EXISTS (SELECT FROM points.budget b WHERE b.points_year = points.points_year(t.business_date) AND b.kind = t.budget)';

export const SPEND_IN_BUDGET_FOR_MANY = postAndAnswer(
  `${asked({ ...SPENT, budget: 'text' }, HAS_BUDGET)}, ${spending('into_code')}`,
  ANSWER,
);

const HELD = {
  moved: 'bigint',
  classes: 'points.points_type[]',
  hold_id: 'uuid',
  purpose: 'text',
  expires_at: 'timestamptz',
} as const;

const HOLDING = `${spending(`'CUST_HELD'`)}, held AS (
      INSERT INTO points.point_hold (customer_id, hold_id, purpose, points, lots, authorised_by, authorised_on, expires_at, opened_at)
      SELECT p.customer_id, p.hold_id, p.purpose, p.moved, (
          SELECT array_agg(ROW(d.points, d.expires_on, d.points_type, d.funder_id)::points.lot ORDER BY d.line) FROM drawn d WHERE d.nth = p.nth
        ), p.journal_id, p.business_date, p.expires_at, p.occurred_at
      FROM plain p
    )`;

export const AUTHORISE_FOR_MANY = postAndAnswer(`${asked(HELD)}, ${HOLDING}`, ANSWER);

export const AUTHORISE_IN_BUDGET_FOR_MANY = postAndAnswer(
  `${asked({ ...HELD, budget: 'text' }, HAS_BUDGET)}, ${HOLDING}`,
  ANSWER,
);

/** What repays a debt, or gives back to a budget, is done alone. */
export const END_HOLD_FOR_MANY = postAndAnswer(
  `${asked({ hold_id: 'uuid', moved: 'bigint', into_code: 'points.account_code', ended_as: 'text' }, 'l.debt > 0')},
    plain AS MATERIALIZED (
      SELECT a.*, h.points AS held, h.lots FROM asked a JOIN points.point_hold h USING (customer_id, hold_id)
      WHERE h.state = 'HELD' AND (a.moved = h.points OR a.moved < h.points AND NOT EXISTS (
        SELECT FROM points.budget b JOIN points.budget_use u USING (budget_id) WHERE u.use_id = a.hold_id))
    ), part AS MATERIALIZED (
      SELECT nth, line, points, expires_on, points_type, funder_id, LEAST(points, GREATEST(moved - before, 0)) AS captured
      FROM (
        SELECT p.nth, p.moved, l.*, (sum(l.points) OVER (PARTITION BY p.nth ORDER BY l.line))::bigint - l.points AS before
        FROM plain p, unnest(p.lots) WITH ORDINALITY AS l (points, expires_on, points_type, funder_id, line)
      ) course
    ), ${entries('-moved', 'available + held - moved', 'moved')}, line AS (
      SELECT p.customer_id, p.journal_id, row_number() OVER (PARTITION BY p.nth ORDER BY part.line, side.nth) AS line, p.business_date,
        'CUST_HELD'::points.account_code AS debit, side.credit, side.points, part.expires_on, part.points_type, part.funder_id
      FROM part JOIN plain p USING (nth) CROSS JOIN LATERAL (VALUES
        (1, p.into_code, part.captured),
        (2, 'CUST_AVAILABLE'::points.account_code, part.points - part.captured)) AS side (nth, credit, points)
      WHERE side.points > 0
    ), ended AS (
      UPDATE points.point_hold h SET captured = p.moved, released = p.held - p.moved, ended_by = p.journal_id, ended_at = p.occurred_at,
        state = CASE WHEN p.moved > 0 THEN 'CAPTURED' ELSE p.ended_as END
      FROM plain p WHERE h.customer_id = p.customer_id AND h.hold_id = p.hold_id
    )`,
  ANSWER,
);
