import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant, protectCustomerRows } from '../src/platform/database/migration-tools.js';

const READ_BY_RULES = `archive, status, region, brand, activated_on, sim_kind, tariff_code, package_fee_fen, contract_ends_on,
  real_name, real_name_found, credit_grade, kind, branch_code, main_subscription_id`;

const row = (of: string): string => `(${READ_BY_RULES.replace(/\w+/g, (column) => `${of}.${column}`)})`;

/**
 * Between reviews whoever has changed is decided anew, all at once. Which profiles have changed since a run looked is told by
 * transactions and not by clocks: one that was under way then is seen by the next run, however long it took.
 */
export class IncrementalRuns1764000800001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query('ALTER TABLE customers.customer ADD COLUMN profile_changed_in xid8');
    await q.query(`
      CREATE INDEX customer_profile_changed ON customers.customer (profile_changed_in) WHERE profile_changed_in IS NOT NULL`);
    await q.query(`
      CREATE FUNCTION customers.note_profile_change() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        NEW.profile_changed_in := pg_current_xact_id();
        RETURN NEW;
      END $$`);
    await q.query(`
      CREATE TRIGGER profile_changes BEFORE UPDATE ON customers.customer FOR EACH ROW
      WHEN (${row('old')} IS DISTINCT FROM ${row('new')}) EXECUTE FUNCTION customers.note_profile_change()`);
    await q.query(`
      CREATE VIEW customers.profile_change WITH (security_invoker = true) AS
      SELECT customer_id, profile_changed_in AS changed_in FROM customers.customer WHERE profile_changed_in IS NOT NULL`);
    await grant(q, 'customers.profile_change', 'read-only');

    // Intakes whose late figures no run has reconsidered to its end; run_id is of the last that has begun to.
    await q.query(`
      CREATE TABLE tiering.changed_intake (
        intake_id uuid PRIMARY KEY,
        told_on date NOT NULL,
        run_id uuid
      )`);
    await grant(q, 'tiering.changed_intake', 'read-write');
    // Up to where each run has seen changed profiles. Transactions are numbered anew in a cluster that a backup was restored into.
    await q.query(`
      CREATE TABLE tiering.incremental_run (
        run_id uuid PRIMARY KEY,
        cluster bigint NOT NULL,
        seen pg_snapshot NOT NULL
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
    await q.query('DROP TRIGGER profile_changes ON customers.customer');
    await q.query('DROP FUNCTION customers.note_profile_change()');
    await q.query('ALTER TABLE customers.customer DROP COLUMN profile_changed_in');
  }
}
