import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A run finds those of its intakes' customers whom a slice holds, and need not copy them. */
export class LateChangesByIntakeAndCustomer1764200000002 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query('DROP INDEX usage.month_change_of_intake');
    await q.query('CREATE INDEX month_change_of_intake ON usage.month_change (intake_id, customer_id)');
    // Of a run that had begun before: its intakes are still marked as taken by it.
    await q.query('DELETE FROM tiering.incremental_customer WHERE intake_id IS NOT NULL');
    await q.query('ALTER TABLE tiering.incremental_customer DROP COLUMN intake_id');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('ALTER TABLE tiering.incremental_customer ADD COLUMN intake_id uuid');
    await q.query('DROP INDEX usage.month_change_of_intake');
    await q.query('CREATE INDEX month_change_of_intake ON usage.month_change (intake_id)');
  }
}
