import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE } from '../src/platform/database/migration-tools.js';

/** Contacts are kept (CUS-35); the number that called is forgotten with the customer, or when its term is over. */
export class ForgettingCallers1763800700020 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE INDEX contact_caller_kept ON routing.contact (ended_at) WHERE caller_sealed IS NOT NULL AND ended_at IS NOT NULL`);
    await q.query(
      `CREATE INDEX contact_caller_of_customer ON routing.contact (customer_id) WHERE caller_sealed IS NOT NULL`,
    );
    await q.query(
      `REVOKE DELETE ON routing.contact, routing.reservation, routing.customer_manager FROM ${APPLICATION_ROLE}`,
    );
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(
      `GRANT DELETE ON routing.contact, routing.reservation, routing.customer_manager TO ${APPLICATION_ROLE}`,
    );
    await q.query(`DROP INDEX routing.contact_caller_of_customer`);
    await q.query(`DROP INDEX routing.contact_caller_kept`);
  }
}
