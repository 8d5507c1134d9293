import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant } from '../src/platform/database/migration-tools.js';

/** By which account billing knows a customer, for what goes out to billing. Nobody who was erased has one. */
export class AccountsOfCustomers1763900200090 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE VIEW customers.billing_account WITH (security_invoker = true) AS
      SELECT customer_id, source, account_no FROM customers.customer WHERE account_no IS NOT NULL`);
    await grant(q, 'customers.billing_account', 'read-only');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP VIEW customers.billing_account');
  }
}
