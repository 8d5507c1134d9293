import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant, protectCustomerRows } from '../src/platform/database/migration-tools.js';

/** Whose figures of closed months an intake has changed: what follows from it is done for them and for nobody else. */
export class LateChanges1763900300060 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE usage.month_change (
        customer_id uuid NOT NULL,
        month date NOT NULL,
        kind text NOT NULL,
        intake_id uuid NOT NULL,
        changed_at timestamptz NOT NULL,
        PRIMARY KEY (customer_id, month, kind, intake_id)
      )`);
    await q.query(`CREATE INDEX month_change_of_intake ON usage.month_change (intake_id)`);
    await protectCustomerRows(q, 'usage.month_change');
    await grant(q, 'usage.month_change', 'append-only');
    await q.query(`
      CREATE VIEW usage.late_change WITH (security_invoker = true) AS
      SELECT customer_id, month, kind, intake_id, changed_at FROM usage.month_change`);
    await grant(q, 'usage.late_change', 'read-only');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP VIEW usage.late_change');
    await q.query('DROP TABLE usage.month_change');
  }
}
