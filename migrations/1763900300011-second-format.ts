import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  APPLICATION_ROLE,
  grant,
  protectCustomerRows,
  unprotectRows,
} from '../src/platform/database/migration-tools.js';

/** What format 02 adds to format 01, and what a record says that the contract does not know: sealed, since it may be anything. */
export class SecondFormat1763900300011 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query('ALTER TABLE usage.usage_record ADD COLUMN received_at timestamptz');
    await q.query('ALTER TABLE usage.customer_bill ADD COLUMN run_type text');
    await q.query('ALTER TABLE usage.payment ADD COLUMN region_paid text');
    await q.query(`
      CREATE TABLE usage.record_extra (
        customer_id uuid NOT NULL,
        kind text NOT NULL,
        source text NOT NULL,
        record_id text NOT NULL,
        version smallint NOT NULL,
        sealed bytea NOT NULL,
        recorded_at timestamptz NOT NULL,
        PRIMARY KEY (customer_id, kind, source, record_id, version)
      )`);
    await grant(q, 'usage.record_extra', 'append-only');
    await q.query(`GRANT UPDATE (sealed) ON usage.record_extra TO ${APPLICATION_ROLE}`);
    await protectCustomerRows(q, 'usage.record_extra');
  }

  async down(q: QueryRunner): Promise<void> {
    await unprotectRows(q, 'usage.record_extra');
    await q.query('DROP TABLE usage.record_extra');
    await q.query('ALTER TABLE usage.payment DROP COLUMN region_paid');
    await q.query('ALTER TABLE usage.customer_bill DROP COLUMN run_type');
    await q.query('ALTER TABLE usage.usage_record DROP COLUMN received_at');
  }
}
