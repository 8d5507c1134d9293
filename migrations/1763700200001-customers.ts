import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createSchema, grant } from '../src/platform/database/migration-tools.js';

/** Parties, customers with their archive, subscriptions, and the directories that find them. */
export class Customers1763700200001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createSchema(q, 'customers');

    await q.query(`
      CREATE TABLE customers.party (
        party_id uuid PRIMARY KEY,
        kind text NOT NULL,
        identity_sealed bytea NOT NULL,
        id_type text,
        precedence bytea NOT NULL,
        updated_at timestamptz NOT NULL
      )`);
    await q.query(`
      ALTER TABLE customers.party ADD CONSTRAINT party_kind CHECK (kind IN ('individual', 'organization'))`);
    await grant(q, 'customers.party', 'read-write');

    // One person or company, whatever number of accounts it holds: keyed by the blind index of its document.
    await q.query(`
      CREATE TABLE customers.party_directory (
        identity_index bytea PRIMARY KEY,
        party_id uuid NOT NULL
      )`);
    await grant(q, 'customers.party_directory', 'read-write');

    // The columns of the main subscription are repeated here: a run over a million customers reads this table only.
    await q.query(`
      CREATE TABLE customers.customer (
        customer_id uuid PRIMARY KEY,
        party_id uuid NOT NULL,
        kind text NOT NULL,
        source text,
        account_no text,
        archive text NOT NULL,
        status text NOT NULL,
        status_reason text,
        region text,
        branch_code text,
        brand text,
        opened_on date NOT NULL,
        closed_on date,
        main_subscription_id uuid,
        activated_on date,
        sim_kind text,
        tariff_code text,
        package_fee_fen bigint,
        contract_ends_on date,
        real_name boolean NOT NULL,
        credit_grade text,
        extra_sealed bytea,
        version integer NOT NULL,
        created_at timestamptz NOT NULL,
        updated_at timestamptz NOT NULL
      )`);
    await q.query(
      `ALTER TABLE customers.customer ADD CONSTRAINT customer_kind CHECK (kind IN ('individual', 'group'))`,
    );
    await q.query(`
      ALTER TABLE customers.customer ADD CONSTRAINT customer_archive CHECK (
        CASE archive WHEN 'in-network' THEN status IN ('initialized', 'active', 'suspended') AND closed_on IS NULL
                     WHEN 'retained' THEN status = 'terminated' AND closed_on IS NOT NULL
                     ELSE false END)`);
    await q.query(`CREATE INDEX customer_party ON customers.customer (party_id)`);
    await q.query(`ALTER TABLE customers.customer SET (fillfactor = 85)`);
    await grant(q, 'customers.customer', 'read-write');

    await q.query(`
      CREATE TABLE customers.subscription (
        customer_id uuid NOT NULL,
        subscription_id uuid NOT NULL,
        party_id uuid NOT NULL,
        account_no text NOT NULL,
        msisdn_index bytea NOT NULL,
        msisdn_sealed bytea NOT NULL,
        status text NOT NULL,
        status_at timestamptz NOT NULL,
        activated_on date NOT NULL,
        brand text NOT NULL,
        region text NOT NULL,
        branch_code text,
        tariff_code text,
        package_fee_fen bigint NOT NULL,
        sim_kind text NOT NULL,
        contract_ends_on date,
        real_name boolean NOT NULL,
        credit_grade text,
        record_version integer NOT NULL,
        precedence bytea NOT NULL,
        updated_at timestamptz NOT NULL,
        PRIMARY KEY (customer_id, subscription_id)
      )`);
    await q.query(`
      ALTER TABLE customers.subscription ADD CONSTRAINT subscription_number_once UNIQUE (customer_id, msisdn_index)`);
    await q.query(`
      ALTER TABLE customers.subscription ADD CONSTRAINT subscription_customer
      FOREIGN KEY (customer_id) REFERENCES customers.customer (customer_id)`);
    await q.query(`
      ALTER TABLE customers.subscription ADD CONSTRAINT subscription_status
      CHECK (status IN ('active', 'suspended-one-way', 'suspended-two-way', 'terminated'))`);
    // All holders that a number ever had: intake decides from them whose it is now.
    await q.query(`CREATE INDEX subscription_number ON customers.subscription (msisdn_index)`);
    await q.query(`ALTER TABLE customers.subscription SET (fillfactor = 85)`);
    await grant(q, 'customers.subscription', 'read-write');

    await q.query(`
      CREATE TABLE customers.msisdn_directory (
        msisdn_index bytea PRIMARY KEY,
        customer_id uuid NOT NULL,
        subscription_id uuid NOT NULL
      )`);
    await grant(q, 'customers.msisdn_directory', 'read-write');

    await q.query(`
      CREATE TABLE customers.account_directory (
        source text NOT NULL,
        account_no text NOT NULL,
        customer_id uuid NOT NULL,
        PRIMARY KEY (source, account_no)
      )`);
    await grant(q, 'customers.account_directory', 'read-write');

    await q.query(`
      CREATE TABLE customers.archive_move (
        customer_id uuid NOT NULL,
        move_id uuid NOT NULL,
        from_archive text NOT NULL,
        to_archive text NOT NULL,
        moved_on date NOT NULL,
        recorded_at timestamptz NOT NULL,
        PRIMARY KEY (customer_id, move_id)
      )`);
    await grant(q, 'customers.archive_move', 'append-only');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP SCHEMA customers CASCADE');
  }
}
