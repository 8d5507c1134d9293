import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was history when it came is history still when it comes in: each intake keeps its lane, not only files. */
export class LaneOfAnIntake1763900300092 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`ALTER TABLE usage.intake ADD COLUMN lane text NOT NULL DEFAULT 'normal'`);
    await q.query(`ALTER TABLE usage.intake ADD CONSTRAINT intake_lane CHECK (lane IN ('normal', 'backfill'))`);
    await q.query(`
      UPDATE usage.intake i SET lane = f.lane FROM usage.intake_file f
      WHERE f.file_id = i.intake_id AND f.lane = 'backfill'`);
    await q.query(`
      CREATE OR REPLACE VIEW usage.backfill_intake WITH (security_invoker = true) AS
      SELECT intake_id FROM usage.intake WHERE lane = 'backfill'`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE OR REPLACE VIEW usage.backfill_intake WITH (security_invoker = true) AS
      SELECT file_id AS intake_id FROM usage.intake_file WHERE lane = 'backfill'`);
    await q.query('ALTER TABLE usage.intake DROP COLUMN lane');
  }
}
