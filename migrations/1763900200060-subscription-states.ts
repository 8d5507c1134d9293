import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant } from '../src/platform/database/migration-tools.js';

/** What BOSS says of each number: what was handled for it is compared with that. */
export class SubscriptionStates1763900200060 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE VIEW customers.subscription_state WITH (security_invoker = true) AS
      SELECT customer_id, subscription_id, msisdn_index, status, activated_on, tariff_code, package_fee_fen, sim_kind
      FROM customers.subscription`);
    await grant(q, 'customers.subscription_state', 'read-only');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP VIEW customers.subscription_state');
  }
}
