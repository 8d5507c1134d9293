import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a run gives in many provinces is taken from the budget of each, and of the whole operator, in one call. */
export class BudgetsOfManyProvinces1764200903003 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE FUNCTION points.is_promotion_stopped(p_year integer) RETURNS boolean LANGUAGE sql STABLE AS $$
        SELECT COALESCE((
          SELECT level = 'HARD' FROM points.guard_reading WHERE points_year = p_year AND guard = 'RETURN' ORDER BY read_on DESC LIMIT 1
        ), false)
      $$`);
    // Each budget once, in the order of all who take. Answers what refuses it, or null, as take_from_budgets.
    await q.query(`
      CREATE FUNCTION points.take_for_provinces(p_use uuid, p_kind text, p_day date, p_regions text[], p_points bigint[]) RETURNS jsonb
      LANGUAGE plpgsql AS $$
      DECLARE
        v_year integer := points.points_year(p_day);
        v_budget record;
        v_left bigint;
      BEGIN
        IF p_kind = 'PROMOTION' AND points.is_promotion_stopped(v_year) THEN
          RETURN jsonb_build_object('guard', 'RETURN', 'pointsYear', v_year);
        END IF;
        FOR v_budget IN
          SELECT b.*, (SELECT sum(points) FROM unnest(p_regions, p_points) AS r (region, points)
            WHERE b.region IN (r.region, '*'))::bigint AS points
          FROM points.budget b WHERE b.points_year = v_year AND b.kind = p_kind AND (b.region = '*' OR b.region = ANY(p_regions))
          ORDER BY b.region DESC
        LOOP
          IF NOT points.take_allowance(v_budget.budget_id, uuid_hash(p_use) & 15, v_budget.points) THEN
            SELECT b.unassigned_points + sum(s.left_points) INTO v_left
            FROM points.budget b JOIN points.budget_stripe s USING (budget_id)
            WHERE b.budget_id = v_budget.budget_id GROUP BY b.unassigned_points;
            RETURN jsonb_build_object('budget', v_budget.budget_id, 'kind', p_kind, 'region', v_budget.region, 'pointsYear', v_year,
              'limit', v_budget.hard_points, 'left', v_left, 'requested', v_budget.points);
          END IF;
          INSERT INTO points.budget_use (budget_id, use_id, points, used_on) VALUES (v_budget.budget_id, p_use, v_budget.points, p_day);
        END LOOP;
        RETURN NULL;
      END $$`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP FUNCTION points.take_for_provinces');
    await q.query('DROP FUNCTION points.is_promotion_stopped');
  }
}
