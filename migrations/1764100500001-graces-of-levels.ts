import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant } from '../src/platform/database/migration-tools.js';

/** Whose level will be lowered, as other modules may read it: whoever recovers in time is gone from it. */
export class GracesOfLevels1764100500001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE VIEW tiering.current_grace WITH (security_invoker = true) AS
      SELECT customer_id, program, decision_id, would_be, begun_on, ends_on FROM tiering.tier_grace`);
    await grant(q, 'tiering.current_grace', 'read-only');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP VIEW tiering.current_grace');
  }
}
