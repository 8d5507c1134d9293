import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  APPLICATION_ROLE,
  createSchema,
  grant,
  grantToRoles,
  protectCustomerRows,
  revokeFromRoles,
} from '../src/platform/database/migration-tools.js';

const GRANTED = {
  viewer: ['merchants.read'],
  pos: ['merchants.charge'],
  'hall-staff': ['merchants.read'],
  supervisor: ['merchants.read', 'merchants.manage'],
  administrator: ['merchants.read', 'merchants.manage', 'merchants.charge'],
};

/** Merchants of the alliance (商家联盟), their terminals and discounts, and what was bought from them with points (积分自由行). */
export class Merchants1764200400011 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createSchema(q, 'merchants');
    await q.query(`
      CREATE TABLE merchants.merchant (
        merchant_id uuid PRIMARY KEY,
        contract_no text NOT NULL,
        label text NOT NULL,
        category text NOT NULL,
        status text NOT NULL DEFAULT 'active',
        funder_id text NOT NULL,
        created_at timestamptz NOT NULL
      )`);
    await q.query(`ALTER TABLE merchants.merchant ADD CONSTRAINT merchant_contract UNIQUE (contract_no)`);
    await q.query(`
      ALTER TABLE merchants.merchant ADD CONSTRAINT merchant_status CHECK (status IN ('active', 'suspended', 'ended'))`);
    await grant(q, 'merchants.merchant', 'read-write');

    await q.query(`
      CREATE TABLE merchants.site (
        site_id uuid PRIMARY KEY,
        merchant_id uuid NOT NULL REFERENCES merchants.merchant,
        label text NOT NULL,
        region text NOT NULL,
        status text NOT NULL DEFAULT 'active',
        created_at timestamptz NOT NULL
      )`);
    await q.query(`ALTER TABLE merchants.site ADD CONSTRAINT site_status CHECK (status IN ('active', 'ended'))`);
    await q.query(`CREATE INDEX site_merchant ON merchants.site (merchant_id)`);
    await grant(q, 'merchants.site', 'read-write');

    await q.query(`
      CREATE TABLE merchants.terminal (
        terminal_id text PRIMARY KEY,
        site_id uuid NOT NULL REFERENCES merchants.site,
        status text NOT NULL DEFAULT 'active',
        created_at timestamptz NOT NULL
      )`);
    await q.query(`
      ALTER TABLE merchants.terminal ADD CONSTRAINT terminal_status CHECK (status IN ('active', 'suspended', 'ended'))`);
    await grant(q, 'merchants.terminal', 'read-write');

    // GiST knows ranges of anything: one merchant is a range of its id, and needs no extension to be excluded by.
    await q.query(`CREATE TYPE merchants.merchant_span AS RANGE (subtype = uuid)`);
    await q.query(`
      CREATE TABLE merchants.discount (
        discount_id uuid PRIMARY KEY,
        merchant_id uuid NOT NULL REFERENCES merchants.merchant,
        percent int NOT NULL,
        effective_from date NOT NULL,
        effective_until date NOT NULL DEFAULT '9999-12-31',
        author text NOT NULL,
        created_at timestamptz NOT NULL
      )`);
    await q.query(`ALTER TABLE merchants.discount ADD CONSTRAINT discount_percent CHECK (percent BETWEEN 1 AND 100)`);
    await q.query(`
      ALTER TABLE merchants.discount ADD CONSTRAINT discount_days CHECK (effective_from <= effective_until)`);
    await q.query(`
      ALTER TABLE merchants.discount ADD CONSTRAINT one_discount_a_day EXCLUDE USING gist (
        merchants.merchant_span(merchant_id, merchant_id, '[]') WITH &&, daterange(effective_from, effective_until) WITH &&)`);
    await grant(q, 'merchants.discount', 'read-write');

    // What was bought on one hold of points. The discount of the authorisation stays that of the sale (PTS-09).
    await q.query(`
      CREATE TABLE merchants.sale (
        customer_id uuid NOT NULL,
        hold_id uuid NOT NULL,
        merchant_id uuid NOT NULL,
        terminal_id text NOT NULL,
        batch_no text NOT NULL,
        card_id uuid NOT NULL,
        list_fen bigint NOT NULL,
        discount_percent int NOT NULL,
        captured_fen bigint NOT NULL DEFAULT 0,
        returned_fen bigint NOT NULL DEFAULT 0,
        authorised_on date NOT NULL,
        captured_on date,
        PRIMARY KEY (customer_id, hold_id)
      ) WITH (fillfactor = 80)`);
    await q.query(`
      ALTER TABLE merchants.sale ADD CONSTRAINT sale_fen CHECK (
        list_fen > 0 AND captured_fen BETWEEN 0 AND list_fen AND returned_fen BETWEEN 0 AND captured_fen
        AND (captured_fen > 0) = (captured_on IS NOT NULL))`);
    await grant(q, 'merchants.sale', 'read-write');
    await q.query(`REVOKE DELETE ON merchants.sale FROM ${APPLICATION_ROLE}`);
    await protectCustomerRows(q, 'merchants.sale');

    // A message is one of its terminal, batch and trace on a day, however often it comes. A reversal that comes before its original
    // leaves a row without a kind's work behind it: the original finds it and is refused.
    await q.query(`
      CREATE TABLE merchants.pos_message (
        terminal_id text NOT NULL,
        batch_no text NOT NULL,
        trace_no text NOT NULL,
        business_date date NOT NULL,
        kind text NOT NULL,
        request_hash text,
        state text NOT NULL,
        customer_id uuid,
        hold_id uuid,
        answer jsonb,
        seen_at timestamptz NOT NULL,
        reversed_at timestamptz,
        PRIMARY KEY (terminal_id, batch_no, trace_no, business_date)
      ) WITH (fillfactor = 80)`);
    await q.query(`
      ALTER TABLE merchants.pos_message ADD CONSTRAINT pos_message_state CHECK (
        state IN ('done', 'reversed') AND (state = 'reversed') = (reversed_at IS NOT NULL)
        AND (state = 'reversed' OR request_hash IS NOT NULL))`);
    await q.query(`
      ALTER TABLE merchants.pos_message ADD CONSTRAINT pos_message_kind CHECK (
        kind IN ('authorisation', 'purchase', 'capture', 'void', 'return'))`);
    await grant(q, 'merchants.pos_message', 'read-write');
    await q.query(`REVOKE DELETE ON merchants.pos_message FROM ${APPLICATION_ROLE}`);
    await grantToRoles(q, GRANTED);
  }

  async down(q: QueryRunner): Promise<void> {
    await revokeFromRoles(q, GRANTED);
    await q.query('DROP SCHEMA merchants CASCADE');
  }
}
