import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant } from '../src/platform/database/migration-tools.js';

/** Which run decided, for the modules after this one. */
export class RunsOfDecisions1763900400090 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE VIEW tiering.decision_run WITH (security_invoker = true) AS
      SELECT customer_id, decision_id, run_id FROM tiering.tier_decision`);
    await grant(q, 'tiering.decision_run', 'read-only');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP VIEW tiering.decision_run');
  }
}
