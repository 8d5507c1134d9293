import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant } from '../src/platform/database/migration-tools.js';

/** Which intakes loaded history afterwards, for what goes out because of them. */
export class BackfillIntakes1763900300090 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE VIEW usage.backfill_intake WITH (security_invoker = true) AS
      SELECT file_id AS intake_id FROM usage.intake_file WHERE lane = 'backfill'`);
    await grant(q, 'usage.backfill_intake', 'read-only');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP VIEW usage.backfill_intake');
  }
}
