import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE, grant, protectCustomerRows } from '../src/platform/database/migration-tools.js';

/**
 * Single operations of the ledger, each one call: the account is locked for no longer than the server needs. They run as whoever calls
 * them, so row security binds them. A refusal is an answer and not an error: nothing has been written by then.
 *
 * The account is locked first; the key is looked for after that, so of two that bear the same key the second finds the first.
 */
export class OneCallPerOperation1764200000012 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TYPE points.lot AS (points bigint, expires_on date, points_type points.points_type, funder_id text)`);
    // A hold (预占) ends once: all of it is captured and released by then. Its lots are in the order in which they were taken.
    await q.query(`
      CREATE TABLE points.point_hold (
        customer_id uuid NOT NULL,
        hold_id uuid NOT NULL,
        purpose text NOT NULL,
        points bigint NOT NULL,
        captured bigint NOT NULL DEFAULT 0,
        released bigint NOT NULL DEFAULT 0,
        lots points.lot[] NOT NULL,
        state text NOT NULL DEFAULT 'HELD',
        authorised_by uuid NOT NULL,
        authorised_on date NOT NULL,
        ended_by uuid,
        expires_at timestamptz NOT NULL,
        opened_at timestamptz NOT NULL,
        ended_at timestamptz,
        PRIMARY KEY (customer_id, hold_id)
      ) WITH (fillfactor = 80)`);
    await q.query(`
      ALTER TABLE points.point_hold ADD CONSTRAINT point_hold_state CHECK (state IN ('HELD', 'CAPTURED', 'VOIDED', 'EXPIRED'))`);
    await q.query(`
      ALTER TABLE points.point_hold ADD CONSTRAINT point_hold_ends_once CHECK (
        points > 0 AND captured >= 0 AND released >= 0
        AND CASE state WHEN 'HELD' THEN captured + released = 0 ELSE captured + released = points END
        AND (state = 'HELD') = (ended_at IS NULL) AND (state = 'HELD') = (ended_by IS NULL)
        AND (captured > 0) = (state = 'CAPTURED'))`);
    // It leaves the index as it ends: what is due is found among those that still hold.
    await q.query(`CREATE INDEX point_hold_due ON points.point_hold (expires_at) WHERE state = 'HELD'`);
    await grant(q, 'points.point_hold', 'read-write');
    await q.query(`REVOKE DELETE ON points.point_hold FROM ${APPLICATION_ROLE}`);
    await protectCustomerRows(q, 'points.point_hold');

    await q.query(`
      CREATE TYPE points.answer AS (said text, available_after bigint, held_after bigint, facts jsonb, lots points.lot[])`);
    await q.query(EARN);
    await q.query(SPEND);
    await q.query(AUTHORISE);
    await q.query(END_HOLD);
  }

  async down(q: QueryRunner): Promise<void> {
    for (const name of ['end_hold', 'authorise', 'spend', 'earn']) await q.query(`DROP FUNCTION points.${name}`);
    await q.query('DROP TYPE points.answer');
    await q.query('DROP TABLE points.point_hold');
    await q.query('DROP TYPE points.lot');
  }
}

/** Partitions bear the names of their months. */
const OPEN_MONTH = `IF to_regclass('points.posting_' || to_char(p_day, 'YYYYMM')) IS NULL THEN
      PERFORM platform.ensure_month_partition('points', 'posting', p_day);
    END IF;`;

/** What an operation is called by, and who asks: the first parameters of each. */
const ASKED = `p_customer uuid, p_journal uuid, p_kind points.journal_kind, p_key text, p_hash text,
    p_occurred timestamptz, p_recorded timestamptz, p_day date, p_channel text, p_actor text, p_metadata jsonb, p_event text`;

/** Stops with the answer when the key is known already. */
const ASKED_BEFORE = `
    SELECT request_hash INTO known FROM points.journal WHERE customer_id = p_customer AND idem_key = p_key;
    IF FOUND THEN
      answer.said := CASE WHEN known IS NOT DISTINCT FROM p_hash THEN 'again' ELSE 'key-reused' END;
      RETURN answer;
    END IF;`;

const entry = (points: string): string => `
    INSERT INTO points.journal (customer_id, journal_id, account_version, kind, points, available_after, idem_key, request_hash,
      occurred_at, recorded_at, business_date, channel, actor_id, metadata)
    VALUES (p_customer, p_journal, account.version, p_kind, ${points}, account.available, p_key, p_hash,
      p_occurred, p_recorded, p_day, p_channel, p_actor, p_metadata);
    answer.said := 'done';
    answer.available_after := account.available;
    answer.held_after := account.held;`;

const told = (points: string): string => `
    IF p_event IS NOT NULL THEN
      INSERT INTO platform.outbox (name, customer_id, payload, occurred_at, recorded_at)
      VALUES (p_event, p_customer, jsonb_build_object('customerId', p_customer, 'journalId', p_journal, 'points', ${points}),
        p_occurred, p_recorded);
    END IF;`;

/** Without p_expires the lot expires as the rules of the day say. */
const EARN = `
  CREATE FUNCTION points.earn(${ASKED},
    p_points bigint, p_from points.account_code, p_expires date, p_type points.points_type, p_funder text) RETURNS points.answer
  LANGUAGE plpgsql AS $$
  DECLARE
    account points.point_account;
    who record;
    known text;
    v_repaid bigint;
    v_expires date := p_expires;
    answer points.answer;
  BEGIN
    SELECT * INTO account FROM points.point_account WHERE customer_id = p_customer FOR NO KEY UPDATE;
    IF NOT FOUND THEN
      IF NOT EXISTS (SELECT FROM customers.profile WHERE customer_id = p_customer) THEN
        answer.said := 'no-customer';
        RETURN answer;
      END IF;
      INSERT INTO points.point_account (customer_id) VALUES (p_customer) ON CONFLICT DO NOTHING;
      SELECT * INTO account FROM points.point_account WHERE customer_id = p_customer FOR NO KEY UPDATE;
    END IF;
    ${ASKED_BEFORE}
    SELECT real_name, kind INTO who FROM customers.profile WHERE customer_id = p_customer;
    answer.said := CASE WHEN account.status = 'CLOSED' THEN 'closed'
      WHEN NOT COALESCE(who.real_name OR who.kind = 'group', false) THEN 'real-name' END;
    IF answer.said IS NOT NULL THEN RETURN answer; END IF;
    IF v_expires IS NULL THEN
      SELECT CASE rules ->> 'expiry'
        WHEN 'LOT_36_MONTHS' THEN (date_trunc('month', p_day) + interval '37 months' - interval '1 day')::date
        WHEN 'ROLLING_3_CALENDAR_YEARS' THEN make_date(EXTRACT(year FROM p_day)::int + 2, 12, 31)
        WHEN 'NONE' THEN 'infinity' END
      INTO v_expires FROM points.earn_rule_set WHERE p_day >= effective_from AND p_day < effective_to;
    END IF;

    ${OPEN_MONTH}
    v_repaid := LEAST(account.debt, p_points);
    UPDATE points.point_account SET available = available + p_points - v_repaid, debt = debt - v_repaid, version = version + 1,
      lifetime_earned = lifetime_earned
        + CASE WHEN p_from = 'ISSUED' AND p_type NOT IN ('PROMOTION', 'GIFT', 'ADJUSTMENT') THEN p_points ELSE 0 END
    WHERE customer_id = p_customer RETURNING * INTO account;
    INSERT INTO points.point_bucket AS b (customer_id, expires_on, points_type, funder_id, remaining)
    VALUES (p_customer, v_expires, p_type, p_funder, p_points - v_repaid)
    ON CONFLICT (customer_id, expires_on, points_type, funder_id) DO UPDATE SET remaining = b.remaining + excluded.remaining;
    INSERT INTO points.posting (customer_id, journal_id, line, business_date, debit, credit, points, value_fen, expires_on, points_type, funder_id)
    VALUES (p_customer, p_journal, 1, p_day, p_from, 'CUST_AVAILABLE', p_points, p_points * 2, v_expires, p_type, p_funder);
    IF v_repaid > 0 THEN
      INSERT INTO points.posting (customer_id, journal_id, line, business_date, debit, credit, points, value_fen, expires_on, points_type, funder_id)
      VALUES (p_customer, p_journal, 2, p_day, 'CUST_AVAILABLE', 'CUST_DEBT', v_repaid, v_repaid * 2, v_expires, p_type, p_funder);
    END IF;
    ${entry('p_points')}
    ${told('p_points')}
    RETURN answer;
  END $$`;

/** Into CUST_HELD they stay the customer's; into any other code they go. */
const SPEND = `
  CREATE FUNCTION points.spend(${ASKED},
    p_points bigint, p_into points.account_code, p_types points.points_type[]) RETURNS points.answer
  LANGUAGE plpgsql AS $$
  DECLARE
    account points.point_account;
    who record;
    known text;
    must_exceed bigint;
    usable bigint;
    v_held bigint := CASE WHEN p_into = 'CUST_HELD' THEN p_points ELSE 0 END;
    v_left bigint := p_points;
    v_part bigint;
    v_lots points.lot[];
    lot record;
    answer points.answer;
  BEGIN
    SELECT * INTO account FROM points.point_account WHERE customer_id = p_customer FOR NO KEY UPDATE;
    ${ASKED_BEFORE}
    SELECT status, real_name, kind, region INTO who FROM customers.profile WHERE customer_id = p_customer;
    IF NOT FOUND AND account.customer_id IS NULL THEN
      answer.said := 'no-customer';
      RETURN answer;
    END IF;
    answer.said := CASE WHEN account.status = 'CLOSED' THEN 'closed'
      WHEN who.status = 'suspended' OR account.frozen_reason IS NOT NULL THEN 'frozen'
      WHEN who.kind = 'group' AND NOT p_metadata ? 'keyPersonId' THEN 'key-person'
      WHEN NOT COALESCE(who.real_name OR who.kind = 'group', false) THEN 'real-name' END;
    IF answer.said IS NOT NULL THEN RETURN answer; END IF;
    SELECT COALESCE((rules #>> ARRAY['joinAboveByRegion', who.region])::bigint, (rules ->> 'joinAbove')::bigint) INTO must_exceed
    FROM points.earn_rule_set WHERE p_day >= effective_from AND p_day < effective_to;
    IF COALESCE(account.lifetime_earned, 0) <= must_exceed THEN
      answer.said := 'below-threshold';
      answer.facts := jsonb_build_object('qualifying', COALESCE(account.lifetime_earned, 0), 'mustExceed', must_exceed,
        'gap', must_exceed + 1 - COALESCE(account.lifetime_earned, 0));
      RETURN answer;
    END IF;
    -- All that is available can be used, but for classes that cannot, and for what waits to be cleared.
    IF p_types IS NULL AND NOT EXISTS (
      SELECT FROM points.point_bucket WHERE customer_id = p_customer AND expires_on < p_day AND remaining > 0
    ) THEN
      usable := COALESCE(account.available, 0);
    ELSE
      SELECT COALESCE(sum(remaining), 0) INTO usable FROM points.point_bucket
      WHERE customer_id = p_customer AND expires_on >= p_day AND (p_types IS NULL OR points_type = ANY(p_types));
    END IF;
    IF usable < p_points THEN
      answer.said := 'insufficient';
      answer.facts := jsonb_build_object('available', usable, 'requested', p_points);
      RETURN answer;
    END IF;

    ${OPEN_MONTH}
    -- One lot after another: a join with the lots would cost more to begin than it does.
    FOR lot IN
      SELECT expires_on, points_type, funder_id, remaining FROM points.point_bucket
      WHERE customer_id = p_customer AND remaining > 0 AND expires_on >= p_day AND (p_types IS NULL OR points_type = ANY(p_types))
      ORDER BY expires_on, points_type, funder_id
    LOOP
      v_part := LEAST(lot.remaining, v_left);
      UPDATE points.point_bucket
      SET remaining = remaining - v_part, held = held + CASE WHEN p_into = 'CUST_HELD' THEN v_part ELSE 0 END
      WHERE customer_id = p_customer AND expires_on = lot.expires_on AND points_type = lot.points_type AND funder_id = lot.funder_id;
      v_lots := v_lots || ROW(v_part, lot.expires_on, lot.points_type, lot.funder_id)::points.lot;
      v_left := v_left - v_part;
      EXIT WHEN v_left = 0;
    END LOOP;
    IF v_left > 0 THEN RAISE EXCEPTION 'The lots of an account hold less than it has'; END IF;
    INSERT INTO points.posting (customer_id, journal_id, line, business_date, debit, credit, points, value_fen, expires_on, points_type, funder_id)
    SELECT p_customer, p_journal, line, p_day, 'CUST_AVAILABLE', p_into, points, points * 2, expires_on, points_type, funder_id
    FROM unnest(v_lots) WITH ORDINALITY AS part (points, expires_on, points_type, funder_id, line);
    UPDATE points.point_account a SET available = a.available - p_points, held = a.held + v_held, version = a.version + 1
    WHERE customer_id = p_customer RETURNING * INTO account;
    ${entry('v_held - p_points')}
    answer.lots := v_lots;
    ${told('p_points')}
    RETURN answer;
  END $$`;

const AUTHORISE = `
  CREATE FUNCTION points.authorise(${ASKED},
    p_points bigint, p_types points.points_type[], p_hold uuid, p_purpose text, p_expires_at timestamptz) RETURNS points.answer
  LANGUAGE plpgsql AS $$
  DECLARE
    answer points.answer;
  BEGIN
    answer := points.spend(p_customer, p_journal, p_kind, p_key, p_hash, p_occurred, p_recorded, p_day, p_channel, p_actor, p_metadata,
      p_event, p_points, 'CUST_HELD', p_types);
    IF answer.said = 'done' THEN
      INSERT INTO points.point_hold (customer_id, hold_id, purpose, points, lots, authorised_by, authorised_on, expires_at, opened_at)
      VALUES (p_customer, p_hold, p_purpose, p_points, answer.lots, p_journal, p_day, p_expires_at, p_occurred);
    END IF;
    RETURN answer;
  END $$`;

/**
 * Captures the first p_captured points of a hold, in the order in which its lots were taken, and lets go of the rest: it returns to its
 * lots, and repays a debt that has come meanwhile. With none captured it ends as p_state says.
 */
const END_HOLD = `
  CREATE FUNCTION points.end_hold(${ASKED},
    p_hold uuid, p_captured bigint, p_into points.account_code, p_state text) RETURNS points.answer
  LANGUAGE plpgsql AS $$
  DECLARE
    account points.point_account;
    hold points.point_hold;
    known text;
    v_back bigint;
    v_repaid bigint;
    v_take bigint := p_captured;
    v_owed bigint;
    v_part bigint;
    v_debt bigint;
    v_points bigint[];
    v_debits points.account_code[];
    v_credits points.account_code[];
    v_days date[];
    v_types points.points_type[];
    v_funders text[];
    lot points.lot;
    answer points.answer;
  BEGIN
    SELECT * INTO account FROM points.point_account WHERE customer_id = p_customer FOR NO KEY UPDATE;
    ${ASKED_BEFORE}
    SELECT * INTO hold FROM points.point_hold WHERE customer_id = p_customer AND hold_id = p_hold;
    IF NOT FOUND THEN
      answer.said := 'no-hold';
      RETURN answer;
    END IF;
    IF hold.state <> 'HELD' THEN
      answer.said := 'hold-ended';
      answer.facts := jsonb_build_object('state', hold.state);
      RETURN answer;
    END IF;
    IF p_captured > hold.points THEN
      answer.said := 'more-than-held';
      answer.facts := jsonb_build_object('held', hold.points, 'requested', p_captured);
      RETURN answer;
    END IF;

    ${OPEN_MONTH}
    v_back := hold.points - p_captured;
    v_repaid := LEAST(account.debt, v_back);
    v_owed := v_repaid;
    FOREACH lot IN ARRAY hold.lots LOOP
      v_part := LEAST(lot.points, v_take);
      v_debt := LEAST(lot.points - v_part, v_owed);
      UPDATE points.point_bucket SET held = held - lot.points, remaining = remaining + lot.points - v_part - v_debt
      WHERE customer_id = p_customer AND expires_on = lot.expires_on AND points_type = lot.points_type AND funder_id = lot.funder_id;
      v_points := v_points || ARRAY[v_part, lot.points - v_part, v_debt];
      v_debits := v_debits || ARRAY['CUST_HELD', 'CUST_HELD', 'CUST_AVAILABLE']::points.account_code[];
      v_credits := v_credits || ARRAY[p_into, 'CUST_AVAILABLE', 'CUST_DEBT']::points.account_code[];
      v_days := v_days || ARRAY[lot.expires_on, lot.expires_on, lot.expires_on];
      v_types := v_types || ARRAY[lot.points_type, lot.points_type, lot.points_type];
      v_funders := v_funders || ARRAY[lot.funder_id, lot.funder_id, lot.funder_id];
      v_take := v_take - v_part;
      v_owed := v_owed - v_debt;
    END LOOP;
    INSERT INTO points.posting (customer_id, journal_id, line, business_date, debit, credit, points, value_fen, expires_on, points_type, funder_id)
    SELECT p_customer, p_journal, row_number() OVER (ORDER BY nth), p_day, debit, credit, points, points * 2, expires_on, points_type, funder_id
    FROM unnest(v_debits, v_credits, v_points, v_days, v_types, v_funders) WITH ORDINALITY
      AS l (debit, credit, points, expires_on, points_type, funder_id, nth)
    WHERE points > 0;
    UPDATE points.point_account a SET held = a.held - hold.points, available = a.available + v_back - v_repaid, debt = a.debt - v_repaid,
      version = a.version + 1
    WHERE customer_id = p_customer RETURNING * INTO account;
    UPDATE points.point_hold SET captured = p_captured, released = v_back, ended_by = p_journal, ended_at = p_occurred,
      state = CASE WHEN p_captured > 0 THEN 'CAPTURED' ELSE p_state END
    WHERE customer_id = p_customer AND hold_id = p_hold;
    ${entry('-p_captured')}
    ${told('p_captured')}
    RETURN answer;
  END $$`;
