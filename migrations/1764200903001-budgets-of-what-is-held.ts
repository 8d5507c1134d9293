import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What is held for a merchant or an auction is taken from the budget when it is held: whoever was told yes is never told no afterwards,
 * and what is refused is refused before goods are handed over. What a hold did not use is given back as it ends, in the same call.
 */
export class BudgetsOfWhatIsHeld1764200903001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(giveBack(INTO_THE_ROW));
    await q.query(AUTHORISE_IN_BUDGET);
    await q.query(END_HOLD_AND_GIVE_BACK);
    await q.query(TAKE_INSTEAD);
  }

  async down(q: QueryRunner): Promise<void> {
    for (const name of ['take_instead', 'end_hold_and_give_back', 'authorise_in_budget']) {
      await q.query(`DROP FUNCTION points.${name}`);
    }
    await q.query(giveBack(INTO_A_STRIPE));
  }
}

/** Of several in one transaction the second would have a stripe in hand while it waits for another: whoever empties all waits for both. */
const INTO_THE_ROW = `UPDATE points.budget SET unassigned_points = unassigned_points + v_use.points WHERE budget_id = v_use.budget_id;`;
const INTO_A_STRIPE = `UPDATE points.budget_stripe SET left_points = left_points + v_use.points
      WHERE budget_id = v_use.budget_id AND stripe = uuid_hash(p_return) & 15;`;

const giveBack = (into: string): string => `
  CREATE OR REPLACE FUNCTION points.give_back_to_budgets(p_use uuid, p_return uuid, p_day date, p_points bigint) RETURNS void
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
      ${into}
    END LOOP;
  END $$`;

const ASKED = `p_customer uuid, p_journal uuid, p_kind points.journal_kind, p_key text, p_hash text,
    p_occurred timestamptz, p_recorded timestamptz, p_day date, p_channel text, p_actor text, p_metadata jsonb, p_event text`;
const AS_ASKED = `p_customer, p_journal, p_kind, p_key, p_hash, p_occurred, p_recorded, p_day, p_channel, p_actor, p_metadata, p_event`;
const AUTHORISE = `points.authorise(${AS_ASKED}, p_points, p_types, p_hold, p_purpose, p_expires_at)`;

/** points.authorise within the budgets of a kind, in the same one call. The use bears the id of the hold. */
const AUTHORISE_IN_BUDGET = `
  CREATE FUNCTION points.authorise_in_budget(${ASKED},
    p_points bigint, p_types points.points_type[], p_hold uuid, p_purpose text, p_expires_at timestamptz, p_budget text)
  RETURNS points.answer LANGUAGE plpgsql AS $$
  DECLARE
    answer points.answer;
    refused jsonb;
  BEGIN
    IF NOT EXISTS (SELECT FROM points.budget WHERE points_year = points.points_year(p_day) AND kind = p_budget) THEN
      RETURN ${AUTHORISE};
    END IF;
    BEGIN
      answer := ${AUTHORISE};
      IF answer.said = 'done' THEN
        refused := points.take_from_budgets(p_hold, p_budget,
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

const END_HOLD_AND_GIVE_BACK = `
  CREATE FUNCTION points.end_hold_and_give_back(${ASKED},
    p_hold uuid, p_captured bigint, p_into points.account_code, p_state text) RETURNS points.answer
  LANGUAGE plpgsql AS $$
  DECLARE
    answer points.answer := points.end_hold(${AS_ASKED}, p_hold, p_captured, p_into, p_state);
  BEGIN
    IF answer.said = 'done' THEN
      PERFORM points.give_back_to_budgets(p_hold, p_journal, authorised_on, released)
      FROM points.point_hold WHERE customer_id = p_customer AND hold_id = p_hold AND released > 0;
    END IF;
    RETURN answer;
  END $$`;

/**
 * Gives back what one use has taken (p_return makes it once) and takes another instead: room is needed for the difference alone. Budget
 * after budget in the order of all who take, so that nobody waits in a circle. Answers what refuses it, or null, as take_from_budgets.
 */
const TAKE_INSTEAD = `
  CREATE FUNCTION points.take_instead(p_old uuid, p_return uuid, p_use uuid, p_kind text, p_region text, p_day date, p_points bigint)
  RETURNS jsonb LANGUAGE plpgsql AS $$
  DECLARE
    v_budget record;
    v_left bigint;
  BEGIN
    FOR v_budget IN
      SELECT b.*, u.points AS old_points,
        b.points_year = points.points_year(p_day) AND b.kind = p_kind AND b.region IN (COALESCE(p_region, '*'), '*') AS is_meant
      FROM points.budget b LEFT JOIN points.budget_use u ON u.budget_id = b.budget_id AND u.use_id = p_old AND u.points > 0
      WHERE u.points IS NOT NULL
        OR (b.points_year = points.points_year(p_day) AND b.kind = p_kind AND b.region IN (COALESCE(p_region, '*'), '*'))
      ORDER BY b.points_year, b.region DESC
    LOOP
      IF v_budget.old_points IS NOT NULL THEN
        INSERT INTO points.budget_use (budget_id, use_id, points, used_on)
        VALUES (v_budget.budget_id, p_return, -v_budget.old_points, p_day) ON CONFLICT DO NOTHING;
        IF FOUND THEN
          UPDATE points.budget SET unassigned_points = unassigned_points + v_budget.old_points WHERE budget_id = v_budget.budget_id;
        END IF;
      END IF;
      CONTINUE WHEN NOT v_budget.is_meant
        OR EXISTS (SELECT FROM points.budget_use WHERE budget_id = v_budget.budget_id AND use_id = p_use);
      IF NOT points.take_allowance(v_budget.budget_id, uuid_hash(p_use) & 15, p_points) THEN
        SELECT b.unassigned_points + sum(s.left_points) INTO v_left
        FROM points.budget b JOIN points.budget_stripe s USING (budget_id)
        WHERE b.budget_id = v_budget.budget_id GROUP BY b.unassigned_points;
        RETURN jsonb_build_object('budget', v_budget.budget_id, 'kind', p_kind, 'region', v_budget.region,
          'pointsYear', v_budget.points_year, 'limit', v_budget.hard_points, 'left', v_left, 'requested', p_points);
      END IF;
      INSERT INTO points.budget_use (budget_id, use_id, points, used_on) VALUES (v_budget.budget_id, p_use, p_points, p_day);
    END LOOP;
    RETURN NULL;
  END $$`;
