import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant } from '../src/platform/database/migration-tools.js';

/** What the modules after this one may join with in SQL. Plain selects, so that the tables' keys serve them. */
export class CustomersPublishedViews1763700200002 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE VIEW customers.profile AS
      SELECT customer_id, archive, status, region, brand, activated_on, sim_kind, tariff_code, package_fee_fen,
             contract_ends_on, real_name, closed_on, credit_grade
      FROM customers.customer WHERE main_subscription_id IS NOT NULL`);
    await grant(q, 'customers.profile', 'read-only');
    await q.query(`
      CREATE VIEW customers.number_directory AS
      SELECT msisdn_index, customer_id, subscription_id FROM customers.msisdn_directory`);
    await grant(q, 'customers.number_directory', 'read-only');
    await q.query(`
      CREATE VIEW customers.account_owner AS
      SELECT source, account_no, customer_id FROM customers.account_directory`);
    await grant(q, 'customers.account_owner', 'read-only');
  }

  async down(q: QueryRunner): Promise<void> {
    for (const view of ['account_owner', 'number_directory', 'profile']) await q.query(`DROP VIEW customers.${view}`);
  }
}
