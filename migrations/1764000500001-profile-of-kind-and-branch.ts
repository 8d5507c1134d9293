import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant } from '../src/platform/database/migration-tools.js';

/** Rules and reports tell groups from individuals, and whose customers they are. */
export class ProfileOfKindAndBranch1764000500001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`CREATE OR REPLACE ${profile(', kind, branch_code, manager_id')}`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP VIEW customers.profile');
    await q.query(`CREATE ${profile('')}`);
    await grant(q, 'customers.profile', 'read-only');
  }
}

const profile = (more: string): string => `
  VIEW customers.profile WITH (security_invoker = true) AS
  SELECT customer_id, archive, status, region, brand, activated_on, sim_kind, tariff_code, package_fee_fen,
         contract_ends_on, COALESCE(real_name_found = 'VERIFIED', real_name) AS real_name, closed_on, credit_grade${more}
  FROM customers.customer WHERE main_subscription_id IS NOT NULL`;
