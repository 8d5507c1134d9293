import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  APPLICATION_ROLE,
  grant,
  grantToRoles,
  protectCustomerRows,
  revokeFromRoles,
  type RolePermissions,
  unprotectRows,
} from '../src/platform/database/migration-tools.js';

const GRANTED: RolePermissions = {
  'account-manager': ['tiering.confirm'],
  supervisor: ['tiering.confirm'],
  administrator: ['tiering.confirm'],
};

/** Who may become a valuable customer (潜在高价值客户), what a manager said of it, and what they get on trial (体验权益). */
export class PotentialCustomers1764000700001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE tiering.potential_customer (
        customer_id uuid NOT NULL,
        candidate_id uuid NOT NULL,
        run_id uuid NOT NULL,
        rule_set_version text NOT NULL,
        level text NOT NULL,
        region text,
        found_on date NOT NULL,
        last_found_on date NOT NULL,
        lapses_on date NOT NULL,
        inputs jsonb NOT NULL,
        reasons jsonb NOT NULL,
        status text NOT NULL DEFAULT 'candidate',
        decided_by text,
        decided_at timestamptz,
        reason text,
        rests_until date,
        end_reason text,
        PRIMARY KEY (customer_id, candidate_id)
      )`);
    await q.query(`
      ALTER TABLE tiering.potential_customer ADD CONSTRAINT potential_customer_status
      CHECK (status IN ('candidate', 'confirmed', 'rejected', 'lapsed'))`);
    await q.query(`
      ALTER TABLE tiering.potential_customer ADD CONSTRAINT potential_customer_in_its_status CHECK (
        CASE status WHEN 'candidate' THEN num_nonnulls(decided_by, decided_at, reason, rests_until) = 0
                    WHEN 'lapsed' THEN decided_at IS NOT NULL AND num_nonnulls(decided_by, reason, rests_until) = 0
                    ELSE num_nulls(decided_by, decided_at, reason, rests_until) = 0 END
        AND (status = 'lapsed') = COALESCE(end_reason IN ('unanswered', 'departed'), false))`);
    // Found again while nobody has said anything: the same candidacy.
    await q.query(`
      CREATE UNIQUE INDEX one_open_candidacy ON tiering.potential_customer (customer_id) WHERE status = 'candidate'`);
    await q.query('CREATE INDEX potential_customer_by_id ON tiering.potential_customer (candidate_id)');
    await q.query('CREATE INDEX potential_customer_found ON tiering.potential_customer (found_on)');
    await q.query(`
      CREATE INDEX potential_customer_lapses ON tiering.potential_customer (lapses_on) WHERE status = 'candidate'`);
    await grant(q, 'tiering.potential_customer', 'read-write');
    await q.query(`REVOKE DELETE ON tiering.potential_customer FROM ${APPLICATION_ROLE}`);
    await protectCustomerRows(q, 'tiering.potential_customer');

    await q.query(`
      CREATE TABLE tiering.trial_entitlement (
        customer_id uuid NOT NULL,
        candidate_id uuid NOT NULL,
        code text NOT NULL,
        label jsonb NOT NULL,
        unit text NOT NULL,
        value bigint NOT NULL,
        valid_from date NOT NULL,
        valid_until date NOT NULL,
        granted_at timestamptz NOT NULL,
        ended_at timestamptz,
        end_reason text,
        PRIMARY KEY (customer_id, candidate_id, code)
      )`);
    await q.query(`
      ALTER TABLE tiering.trial_entitlement ADD CONSTRAINT trial_entitlement_of_candidacy
      FOREIGN KEY (customer_id, candidate_id) REFERENCES tiering.potential_customer`);
    await q.query(`
      ALTER TABLE tiering.trial_entitlement ADD CONSTRAINT trial_entitlement_days CHECK (valid_from <= valid_until)`);
    await q.query(`
      ALTER TABLE tiering.trial_entitlement ADD CONSTRAINT trial_entitlement_ended
      CHECK ((ended_at IS NULL) = (end_reason IS NULL) AND COALESCE(end_reason IN ('expired', 'departed'), true))`);
    await q.query(`
      CREATE INDEX trial_entitlement_ends ON tiering.trial_entitlement (valid_until) WHERE ended_at IS NULL`);
    await grant(q, 'tiering.trial_entitlement', 'read-write');
    await q.query(`REVOKE DELETE ON tiering.trial_entitlement FROM ${APPLICATION_ROLE}`);
    await protectCustomerRows(q, 'tiering.trial_entitlement');
    await q.query(`
      CREATE VIEW tiering.current_trial_entitlement WITH (security_invoker = true) AS
      SELECT customer_id, candidate_id, code, label, unit, value, valid_from, valid_until
      FROM tiering.trial_entitlement WHERE ended_at IS NULL`);
    await grant(q, 'tiering.current_trial_entitlement', 'read-only');

    await grantToRoles(q, GRANTED);
  }

  async down(q: QueryRunner): Promise<void> {
    await revokeFromRoles(q, GRANTED);
    await q.query('DROP VIEW tiering.current_trial_entitlement');
    for (const table of ['trial_entitlement', 'potential_customer']) {
      await unprotectRows(q, `tiering.${table}`);
      await q.query(`DROP TABLE tiering.${table}`);
    }
  }
}
