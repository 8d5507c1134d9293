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
  viewer: ['benefits.read'],
  'hotline-agent': ['benefits.read', 'benefits.use'],
  'account-manager': ['benefits.read', 'benefits.use'],
  'hall-staff': ['benefits.read', 'benefits.use'],
  supervisor: ['benefits.read', 'benefits.use'],
  'rule-author': ['benefits.read', 'benefits.manage'],
  'rule-approver': ['benefits.read'],
  administrator: ['benefits.read', 'benefits.use', 'benefits.manage', 'benefits.run'],
};

/** Benefits of levels (权益): the catalogue, who may use how much of what in a level year, and what was used. */
export class Benefits1764100100001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE VIEW tiering.level_period WITH (security_invoker = true) AS
      SELECT customer_id, decision_id, program, tier, valid_from, valid_until FROM tiering.tier_assignment`);
    await grant(q, 'tiering.level_period', 'read-only');

    await createSchema(q, 'benefits');
    await q.query(`
      CREATE TABLE benefits.benefit (
        code text PRIMARY KEY,
        program text NOT NULL,
        service_class text NOT NULL,
        label jsonb NOT NULL,
        unit text NOT NULL,
        effective_from date NOT NULL,
        effective_until date NOT NULL DEFAULT '9999-12-31',
        created_at timestamptz NOT NULL
      )`);
    await q.query(`
      ALTER TABLE benefits.benefit ADD CONSTRAINT benefit_service_class
      CHECK (service_class IN ('A_NETWORK', 'A_CUSTOMER', 'A_EXTRA'))`);
    await q.query(`ALTER TABLE benefits.benefit ADD CONSTRAINT benefit_unit CHECK (unit IN ('TIME', 'VISIT', 'DAY'))`);
    await q.query(`
      ALTER TABLE benefits.benefit ADD CONSTRAINT benefit_days CHECK (effective_from <= effective_until)`);
    await grant(q, 'benefits.benefit', 'read-write');

    // Of the versions that are in effect on a day the latest counts; among those of one day the last.
    await q.query(`
      CREATE TABLE benefits.benefit_quota (
        benefit text NOT NULL REFERENCES benefits.benefit,
        level text NOT NULL,
        version int NOT NULL,
        units_per_year int NOT NULL,
        effective_from date NOT NULL,
        author text NOT NULL,
        created_at timestamptz NOT NULL,
        PRIMARY KEY (benefit, level, version)
      )`);
    await q.query(`
      ALTER TABLE benefits.benefit_quota ADD CONSTRAINT benefit_quota_units CHECK (units_per_year BETWEEN 0 AND 10000)`);
    await grant(q, 'benefits.benefit_quota', 'append-only');

    // One per customer, level year and benefit. Nobody has used more than was granted, whatever is granted later.
    await q.query(`
      CREATE TABLE benefits.entitlement (
        customer_id uuid NOT NULL,
        level_year date NOT NULL,
        benefit text NOT NULL REFERENCES benefits.benefit,
        valid_until date NOT NULL,
        level text NOT NULL,
        decision_id uuid,
        granted int NOT NULL,
        used int NOT NULL DEFAULT 0,
        version int NOT NULL,
        as_of date NOT NULL,
        PRIMARY KEY (customer_id, level_year, benefit)
      )`);
    await q.query(`
      ALTER TABLE benefits.entitlement ADD CONSTRAINT entitlement_used CHECK (used BETWEEN 0 AND granted)`);
    await q.query(`
      ALTER TABLE benefits.entitlement ADD CONSTRAINT entitlement_days CHECK (level_year < valid_until)`);
    await grant(q, 'benefits.entitlement', 'read-write');
    await q.query(`REVOKE DELETE ON benefits.entitlement FROM ${APPLICATION_ROLE}`);

    // A grant comes after the one before it, once: the versions of an entitlement have no gap and no double.
    await q.query(`
      CREATE TABLE benefits.entitlement_change (
        customer_id uuid NOT NULL,
        level_year date NOT NULL,
        benefit text NOT NULL,
        version int NOT NULL,
        level text NOT NULL,
        decision_id uuid,
        granted_before int NOT NULL,
        granted int NOT NULL,
        used int NOT NULL,
        as_of date NOT NULL,
        recorded_at timestamptz NOT NULL,
        PRIMARY KEY (customer_id, level_year, benefit, version)
      )`);
    await grant(q, 'benefits.entitlement_change', 'append-only');

    // The same key again is the same use.
    await q.query(`
      CREATE TABLE benefits.entitlement_use (
        customer_id uuid NOT NULL,
        use_id uuid NOT NULL,
        idem_key text NOT NULL,
        level_year date NOT NULL,
        benefit text NOT NULL REFERENCES benefits.benefit,
        units int NOT NULL,
        channel text NOT NULL,
        place text,
        used_by text NOT NULL,
        used_at timestamptz NOT NULL,
        PRIMARY KEY (customer_id, use_id)
      )`);
    await q.query(`
      ALTER TABLE benefits.entitlement_use ADD CONSTRAINT entitlement_use_once UNIQUE (customer_id, idem_key)`);
    await q.query(`ALTER TABLE benefits.entitlement_use ADD CONSTRAINT entitlement_use_units CHECK (units > 0)`);
    await grant(q, 'benefits.entitlement_use', 'append-only');

    for (const table of CUSTOMER_TABLES) await protectCustomerRows(q, table);
    await grantToRoles(q, GRANTED);
  }

  async down(q: QueryRunner): Promise<void> {
    await revokeFromRoles(q, GRANTED);
    await q.query('DROP SCHEMA benefits CASCADE');
    await q.query('DROP VIEW tiering.level_period');
  }
}

const CUSTOMER_TABLES = ['benefits.entitlement', 'benefits.entitlement_change', 'benefits.entitlement_use'];
