import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Ending a hold as before, at less cost: lot after lot, and of a month that is open nothing is asked. */
export class HoldsThatCostLess1764200400021 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(END_HOLD);
  }

  /** What it answers has not changed. */
  async down(): Promise<void> {}
}

/**
 * Captures the first p_captured points of a hold, in the order in which its lots were taken, and lets go of the rest: it returns to its
 * lots, and repays a debt that has come meanwhile. With none captured it ends as p_state says.
 */
const END_HOLD = `
  CREATE OR REPLACE FUNCTION points.end_hold(p_customer uuid, p_journal uuid, p_kind points.journal_kind, p_key text, p_hash text,
    p_occurred timestamptz, p_recorded timestamptz, p_day date, p_channel text, p_actor text, p_metadata jsonb, p_event text,
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
    lot record;
    answer points.answer;
  BEGIN
    SELECT * INTO account FROM points.point_account WHERE customer_id = p_customer FOR NO KEY UPDATE;
    SELECT request_hash INTO known FROM points.journal WHERE customer_id = p_customer AND idem_key = p_key;
    IF FOUND THEN
      answer.said := CASE WHEN known IS NOT DISTINCT FROM p_hash THEN 'again' ELSE 'key-reused' END;
      RETURN answer;
    END IF;
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

    IF to_regclass('points.posting_' || to_char(p_day, 'YYYYMM')) IS NULL THEN
      PERFORM platform.ensure_month_partition('points', 'posting', p_day);
    END IF;
    v_back := hold.points - p_captured;
    v_repaid := LEAST(account.debt, v_back);
    v_owed := v_repaid;
    FOR lot IN
      SELECT points, expires_on, points_type, funder_id FROM points.posting
      WHERE customer_id = p_customer AND journal_id = hold.authorised_by AND business_date = hold.authorised_on AND credit = 'CUST_HELD'
      ORDER BY line
    LOOP
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
    INSERT INTO points.journal (customer_id, journal_id, account_version, kind, points, available_after, idem_key, request_hash,
      occurred_at, recorded_at, business_date, channel, actor_id, metadata)
    VALUES (p_customer, p_journal, account.version, p_kind, -p_captured, account.available, p_key, p_hash,
      p_occurred, p_recorded, p_day, p_channel, p_actor, p_metadata);
    answer.said := 'done';
    answer.available_after := account.available;
    answer.held_after := account.held;
    IF p_event IS NOT NULL THEN
      INSERT INTO platform.outbox (name, customer_id, payload, occurred_at, recorded_at)
      VALUES (p_event, p_customer, jsonb_build_object('customerId', p_customer, 'journalId', p_journal, 'points', p_captured),
        p_occurred, p_recorded);
    END IF;
    RETURN answer;
  END $$`;
