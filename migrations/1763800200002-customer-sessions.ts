import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant, protectCustomerRows } from '../src/platform/database/migration-tools.js';

/** Customers who are signed in to the online hall (网上营业厅), each through one of their numbers. */
export class CustomerSessions1763800200002 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE customers.customer_session (
        customer_id uuid NOT NULL,
        session_id uuid NOT NULL,
        msisdn_index bytea NOT NULL,
        opened_at timestamptz NOT NULL,
        proved_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        closed_at timestamptz,
        PRIMARY KEY (customer_id, session_id)
      )`);
    await q.query(`CREATE INDEX customer_session_purge ON customers.customer_session (expires_at)`);
    await grant(q, 'customers.customer_session', 'read-write');
    await protectCustomerRows(q, 'customers.customer_session');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP TABLE customers.customer_session');
  }
}
