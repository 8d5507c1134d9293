import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant } from '../src/platform/database/migration-tools.js';

/**
 * Budgets of points (积分成本控制) with a hard limit that is never passed (I15), and no row that everybody fights over: what may still be
 * used stands in sixteen stripes. An operation takes from one of them. An empty stripe takes a sixty-fourth of what no stripe has yet, so
 * that stripes seldom meet at the budget's own row. When nothing is left there, what the other stripes have is put into the one that asks:
 * the last percent is taken one after the other, to the point.
 */
export class BudgetsOfPoints1764200700002 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE points.budget (
        budget_id uuid PRIMARY KEY,
        points_year integer NOT NULL,
        region text NOT NULL,
        kind text NOT NULL CHECK (kind IN ('SERVICE', 'MOBILE_PRODUCT', 'GOODS', 'PAYMENT', 'PROMOTION')),
        soft_points bigint NOT NULL,
        hard_points bigint NOT NULL,
        used_before bigint NOT NULL,
        unassigned_points bigint NOT NULL,
        author text NOT NULL,
        created_at timestamptz NOT NULL,
        changed_at timestamptz NOT NULL,
        UNIQUE (points_year, kind, region),
        CHECK (0 <= soft_points AND soft_points <= hard_points),
        CHECK (unassigned_points >= 0)
      )`);
    await q.query(`
      CREATE TABLE points.budget_stripe (
        budget_id uuid NOT NULL REFERENCES points.budget,
        stripe smallint NOT NULL CHECK (stripe BETWEEN 0 AND 15),
        left_points bigint NOT NULL DEFAULT 0 CHECK (left_points >= 0),
        PRIMARY KEY (budget_id, stripe)
      ) WITH (fillfactor = 50)`);
    // What each use took, by the id of the entry or of whatever else took it: the same again takes nothing.
    await q.query(`
      CREATE TABLE points.budget_use (
        budget_id uuid NOT NULL REFERENCES points.budget,
        use_id uuid NOT NULL,
        points bigint NOT NULL CHECK (points <> 0),
        used_on date NOT NULL,
        PRIMARY KEY (budget_id, use_id)
      )`);
    await grant(q, 'points.budget', 'read-write');
    await grant(q, 'points.budget_stripe', 'read-write');
    await grant(q, 'points.budget_use', 'append-only');

    await q.query(`
      CREATE FUNCTION points.points_year(day date) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
        SELECT EXTRACT(year FROM day)::int + CASE WHEN EXTRACT(month FROM day) = 12 THEN 1 ELSE 0 END
      $$`);
    await q.query(TAKE_ALLOWANCE);
    await q.query(TAKE_FROM_BUDGETS);
    await q.query(GIVE_BACK);
    await q.query(SPEND_IN_BUDGET);
  }

  async down(q: QueryRunner): Promise<void> {
    for (const name of [
      'spend_in_budget',
      'give_back_to_budgets',
      'take_from_budgets',
      'take_allowance',
      'points_year',
    ]) {
      await q.query(`DROP FUNCTION points.${name}`);
    }
    for (const table of ['budget_use', 'budget_stripe', 'budget']) await q.query(`DROP TABLE points.${table}`);
  }
}

// Locks: a stripe; or the budget and then all its stripes in their order. Whoever holds a stripe waits for nobody within that budget.
const TAKE_ALLOWANCE = `
  CREATE FUNCTION points.take_allowance(p_budget uuid, p_stripe integer, p_points bigint) RETURNS boolean
  LANGUAGE plpgsql AS $$
  DECLARE
    v_unassigned bigint;
    v_chunk bigint;
    v_found bigint;
  BEGIN
    -- A stripe that was waited for in vain stays locked; undoing the attempt lets go of it, before the budget's own row is waited for.
    BEGIN
      UPDATE points.budget_stripe SET left_points = left_points - p_points
      WHERE budget_id = p_budget AND stripe = p_stripe AND left_points >= p_points;
      IF FOUND THEN RETURN true; END IF;
      RAISE EXCEPTION USING ERRCODE = 'GB016', MESSAGE = 'The stripe holds too little';
    EXCEPTION WHEN SQLSTATE 'GB016' THEN NULL;
    END;

    SELECT unassigned_points INTO v_unassigned FROM points.budget WHERE budget_id = p_budget FOR NO KEY UPDATE;
    UPDATE points.budget_stripe SET left_points = left_points - p_points
    WHERE budget_id = p_budget AND stripe = p_stripe AND left_points >= p_points;
    IF FOUND THEN RETURN true; END IF;

    IF v_unassigned >= p_points THEN
      v_chunk := LEAST(v_unassigned, GREATEST(p_points, (v_unassigned + 63) / 64));
      UPDATE points.budget SET unassigned_points = unassigned_points - v_chunk WHERE budget_id = p_budget;
      UPDATE points.budget_stripe SET left_points = left_points + v_chunk - p_points WHERE budget_id = p_budget AND stripe = p_stripe;
      RETURN true;
    END IF;

    PERFORM FROM points.budget_stripe WHERE budget_id = p_budget ORDER BY stripe FOR NO KEY UPDATE;
    SELECT sum(left_points) INTO v_found FROM points.budget_stripe WHERE budget_id = p_budget;
    IF v_unassigned + v_found < p_points THEN RETURN false; END IF;
    UPDATE points.budget SET unassigned_points = 0 WHERE budget_id = p_budget;
    UPDATE points.budget_stripe SET left_points = CASE stripe WHEN p_stripe THEN v_unassigned + v_found - p_points ELSE 0 END
    WHERE budget_id = p_budget AND (left_points > 0 OR stripe = p_stripe);
    RETURN true;
  END $$`;

/** Answers what refuses it, or null. Whoever is refused must give up his transaction, or what he did since a savepoint. */
const TAKE_FROM_BUDGETS = `
  CREATE FUNCTION points.take_from_budgets(p_use uuid, p_kind text, p_region text, p_day date, p_points bigint) RETURNS jsonb
  LANGUAGE plpgsql AS $$
  DECLARE
    v_year integer := points.points_year(p_day);
    v_budget points.budget;
    v_left bigint;
  BEGIN
    IF p_kind = 'PROMOTION' AND (
      SELECT level FROM points.guard_reading WHERE points_year = v_year AND guard = 'RETURN' ORDER BY read_on DESC LIMIT 1
    ) = 'HARD' THEN
      RETURN jsonb_build_object('guard', 'RETURN', 'pointsYear', v_year);
    END IF;
    -- Always in the same order: the province, then everybody.
    FOR v_budget IN
      SELECT * FROM points.budget WHERE points_year = v_year AND kind = p_kind AND region IN (COALESCE(p_region, '*'), '*')
      ORDER BY region DESC
    LOOP
      CONTINUE WHEN EXISTS (SELECT FROM points.budget_use WHERE budget_id = v_budget.budget_id AND use_id = p_use);
      IF NOT points.take_allowance(v_budget.budget_id, uuid_hash(p_use) & 15, p_points) THEN
        SELECT b.unassigned_points + sum(s.left_points) INTO v_left
        FROM points.budget b JOIN points.budget_stripe s USING (budget_id)
        WHERE b.budget_id = v_budget.budget_id GROUP BY b.unassigned_points;
        RETURN jsonb_build_object('budget', v_budget.budget_id, 'kind', p_kind, 'region', v_budget.region, 'pointsYear', v_year,
          'limit', v_budget.hard_points, 'left', v_left, 'requested', p_points);
      END IF;
      INSERT INTO points.budget_use (budget_id, use_id, points, used_on) VALUES (v_budget.budget_id, p_use, p_points, p_day);
    END LOOP;
    RETURN NULL;
  END $$`;

/** What was taken for one use, or a part of it, may be used again. */
const GIVE_BACK = `
  CREATE FUNCTION points.give_back_to_budgets(p_use uuid, p_return uuid, p_day date, p_points bigint) RETURNS void
  LANGUAGE plpgsql AS $$
  DECLARE
    v_use record;
  BEGIN
    FOR v_use IN
      SELECT u.budget_id, LEAST(u.points, p_points) AS points FROM points.budget_use u JOIN points.budget b USING (budget_id)
      WHERE u.use_id = p_use AND b.points_year = points.points_year(p_day) AND u.points > 0 AND p_points > 0 ORDER BY b.region DESC
    LOOP
      INSERT INTO points.budget_use (budget_id, use_id, points, used_on)
      VALUES (v_use.budget_id, p_return, -v_use.points, p_day) ON CONFLICT DO NOTHING;
      CONTINUE WHEN NOT FOUND;
      UPDATE points.budget_stripe SET left_points = left_points + v_use.points
      WHERE budget_id = v_use.budget_id AND stripe = uuid_hash(p_return) & 15;
    END LOOP;
  END $$`;

const ASKED = `p_customer uuid, p_journal uuid, p_kind points.journal_kind, p_key text, p_hash text,
    p_occurred timestamptz, p_recorded timestamptz, p_day date, p_channel text, p_actor text, p_metadata jsonb, p_event text`;
const SPEND = `points.spend(p_customer, p_journal, p_kind, p_key, p_hash, p_occurred, p_recorded, p_day, p_channel, p_actor, p_metadata,
      p_event, p_points, p_into, p_types)`;

/** points.spend within the budgets of a kind, in the same one call. Where nobody has set a budget of that kind it is points.spend. */
const SPEND_IN_BUDGET = `
  CREATE FUNCTION points.spend_in_budget(${ASKED},
    p_points bigint, p_into points.account_code, p_types points.points_type[], p_budget text) RETURNS points.answer
  LANGUAGE plpgsql AS $$
  DECLARE
    answer points.answer;
    refused jsonb;
  BEGIN
    IF NOT EXISTS (SELECT FROM points.budget WHERE points_year = points.points_year(p_day) AND kind = p_budget) THEN
      RETURN ${SPEND};
    END IF;
    BEGIN
      answer := ${SPEND};
      IF answer.said = 'done' THEN
        refused := points.take_from_budgets(p_journal, p_budget,
          (SELECT region FROM customers.profile WHERE customer_id = p_customer), p_day, p_points);
        IF refused IS NOT NULL THEN RAISE EXCEPTION USING ERRCODE = 'GB015', MESSAGE = 'The budget is used up'; END IF;
      END IF;
    EXCEPTION WHEN SQLSTATE 'GB015' THEN
      answer := NULL;
      answer.said := 'over-budget';
      answer.facts := refused;
    END;
    RETURN answer;
  END $$`;
