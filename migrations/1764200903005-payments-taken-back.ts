import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant } from '../src/platform/database/migration-tools.js';

/** A reward for paying often is taken back with the payment that was: by the payments that do not count any more. */
export class PaymentsTakenBack1764200903005 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE VIEW usage.payment_taken_back WITH (security_invoker = true) AS
      SELECT customer_id, source, payment_id, paid_at FROM usage.payment WHERE is_current AND operation = 3`);
    await grant(q, 'usage.payment_taken_back', 'read-only');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP VIEW usage.payment_taken_back');
  }
}
