import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant } from '../src/platform/database/migration-tools.js';

/** Who had a number when: numbers are given to somebody else some months after they were closed. */
export class NumberTenures1763900200001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE VIEW customers.number_tenure WITH (security_invoker = true) AS
      SELECT msisdn_index, customer_id, subscription_id, activated_on::timestamp AT TIME ZONE 'Asia/Shanghai' AS held_from,
        CASE WHEN status = 'terminated' THEN status_at END AS held_until
      FROM customers.subscription`);
    await grant(q, 'customers.number_tenure', 'read-only');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP VIEW customers.number_tenure');
  }
}
