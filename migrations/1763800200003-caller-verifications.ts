import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant, protectCustomerRows } from '../src/platform/database/migration-tools.js';

/** How agents checked who is calling (确认用户信息, AUD-10), right and wrong answers, never the answers themselves. */
export class CallerVerifications1763800200003 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE customers.caller_verification (
        customer_id uuid NOT NULL,
        verification_id uuid NOT NULL,
        actor_kind text NOT NULL,
        actor_id uuid NOT NULL,
        method text NOT NULL,
        is_right boolean NOT NULL,
        answered_at timestamptz NOT NULL,
        valid_until timestamptz,
        PRIMARY KEY (customer_id, verification_id)
      )`);
    await q.query(`
      ALTER TABLE customers.caller_verification ADD CONSTRAINT caller_verification_right_is_valid
      CHECK (is_right = (valid_until IS NOT NULL))`);
    await q.query(`
      CREATE INDEX caller_verification_wrong ON customers.caller_verification (customer_id, actor_id, answered_at)
      WHERE NOT is_right`);
    await grant(q, 'customers.caller_verification', 'append-only');
    await protectCustomerRows(q, 'customers.caller_verification');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP TABLE customers.caller_verification');
  }
}
