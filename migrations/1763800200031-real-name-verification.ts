import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant, protectCustomerRows } from '../src/platform/database/migration-tools.js';

/** What we found ourselves of a customer's identity stands beside what billing says (实名登记). */
export class RealNameVerification1763800200031 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE customers.real_name_verification (
        customer_id uuid NOT NULL,
        verification_id uuid NOT NULL,
        outcome text NOT NULL,
        reasons text[] NOT NULL,
        document_kind text NOT NULL,
        document_sealed bytea,
        document_index bytea,
        channel text NOT NULL,
        actor_kind text NOT NULL,
        actor_id text NOT NULL,
        verified_at timestamptz NOT NULL,
        PRIMARY KEY (customer_id, verification_id)
      )`);
    await q.query(`
      ALTER TABLE customers.real_name_verification ADD CONSTRAINT real_name_verification_customer
      FOREIGN KEY (customer_id) REFERENCES customers.customer (customer_id)`);
    // The paper of somebody else is not kept.
    await q.query(`
      ALTER TABLE customers.real_name_verification ADD CONSTRAINT real_name_verification_outcome CHECK (
        CASE outcome WHEN 'VERIFIED' THEN reasons = '{}' AND num_nonnulls(document_sealed, document_index) = 2
                     WHEN 'FAILED' THEN reasons <> '{}' AND num_nulls(document_sealed, document_index) = 2
                     ELSE false END)`);
    await q.query(`
      CREATE INDEX real_name_verification_document ON customers.real_name_verification (document_index)
      WHERE document_index IS NOT NULL`);
    await grant(q, 'customers.real_name_verification', 'append-only');
    await protectCustomerRows(q, 'customers.real_name_verification');

    await q.query(`ALTER TABLE customers.customer ADD COLUMN real_name_found text`);
    await q.query(`
      ALTER TABLE customers.customer ADD CONSTRAINT customer_real_name_found
      CHECK (real_name_found IN ('VERIFIED', 'FAILED'))`);
    await q.query(profile(`COALESCE(real_name_found = 'VERIFIED', real_name) AS real_name`));
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(profile('real_name'));
    await q.query('ALTER TABLE customers.customer DROP COLUMN real_name_found');
    await q.query('DROP TABLE customers.real_name_verification');
  }
}

const profile = (realName: string): string => `
  CREATE OR REPLACE VIEW customers.profile WITH (security_invoker = true) AS
  SELECT customer_id, archive, status, region, brand, activated_on, sim_kind, tariff_code, package_fee_fen,
         contract_ends_on, ${realName}, closed_on, credit_grade
  FROM customers.customer WHERE main_subscription_id IS NOT NULL`;
