import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What qualifies for the plan (资格积分) is what was earned by using the network; what was given away does not. An account is frozen by
 * somebody, with a reason, beside the suspension of the number. The worth of a point holds for every posting.
 */
export class AccountsThatCanBeFrozen1764200000011 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query('ALTER TABLE points.point_account ADD COLUMN frozen_reason text');
    await q.query(`
      UPDATE points.point_account a SET lifetime_earned = p.earned
      FROM (
        SELECT customer_id, sum(CASE WHEN debit = 'ISSUED' THEN points ELSE -points END)
          FILTER (WHERE points_type = 'SPENDING')::bigint AS earned
        FROM points.posting WHERE 'ISSUED' IN (debit, credit) GROUP BY customer_id
        HAVING bool_or(points_type <> 'SPENDING')
      ) p WHERE p.customer_id = a.customer_id`);
    await q.query('ALTER TABLE points.posting ADD CONSTRAINT posting_value CHECK (value_fen = points * 2)');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('ALTER TABLE points.posting DROP CONSTRAINT posting_value');
    await q.query('ALTER TABLE points.point_account DROP COLUMN frozen_reason');
  }
}
