import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant, protectCustomerRows } from '../src/platform/database/migration-tools.js';

/** Between reviews whoever has changed is decided anew, all at once: since the run before looked, by the hour that each customer bears. */
export class IncrementalRuns1764000800001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    // A summary of blocks: updates of the most updated table stay within their page.
    await q.query('CREATE INDEX customer_updated ON customers.customer USING brin (updated_at)');
    await q.query(`
      CREATE VIEW customers.profile_change WITH (security_invoker = true) AS
      SELECT customer_id, updated_at AS changed_at FROM customers.customer`);
    await grant(q, 'customers.profile_change', 'read-only');

    // Intakes whose late figures no run has reconsidered to its end; run_id is of the last that has begun to.
    await q.query(`
      CREATE TABLE tiering.changed_intake (
        intake_id uuid PRIMARY KEY,
        told_on date NOT NULL,
        run_id uuid
      )`);
    await grant(q, 'tiering.changed_intake', 'read-write');
    // When each run has looked for changed profiles.
    await q.query(`
      CREATE TABLE tiering.incremental_run (
        run_id uuid PRIMARY KEY,
        looked_at timestamptz NOT NULL
      )`);
    await grant(q, 'tiering.incremental_run', 'append-only');
    // Whom a run decides, and because of which intake; until its end.
    await q.query(`
      CREATE TABLE tiering.incremental_customer (
        customer_id uuid NOT NULL,
        run_id uuid NOT NULL,
        intake_id uuid,
        PRIMARY KEY (customer_id, run_id)
      )`);
    await grant(q, 'tiering.incremental_customer', 'read-write');
    await protectCustomerRows(q, 'tiering.incremental_customer');
  }

  async down(q: QueryRunner): Promise<void> {
    for (const table of ['incremental_customer', 'incremental_run', 'changed_intake']) {
      await q.query(`DROP TABLE tiering.${table}`);
    }
    await q.query('DROP VIEW customers.profile_change');
    await q.query('DROP INDEX customers.customer_updated');
  }
}
