import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE, grant, protectCustomerRows } from '../src/platform/database/migration-tools.js';

const FOREVER = '9999-12-31';

/**
 * Levels of many programmes beside the card levels: a programme owns a scale, its rule sets go from draft to retired, and which of
 * them decides where and when is a history of its own, so that a version can be tried in a province and taken back.
 */
export class ProgrammesOfLevels1764000100001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query('CREATE EXTENSION IF NOT EXISTS btree_gist');
    await q.query(`
      CREATE TABLE tiering.program (
        program text PRIMARY KEY,
        kind text NOT NULL,
        label jsonb NOT NULL,
        scale text[] NOT NULL,
        created_at timestamptz NOT NULL
      )`);
    await q.query(`
      ALTER TABLE tiering.program ADD CONSTRAINT program_kind CHECK (kind IN
        ('tier', 'star-level', 'credit-grade', 'potential-high-value', 'customer-class', 'value-model'))`);
    await grant(q, 'tiering.program', 'append-only');
    await q.query(`
      INSERT INTO tiering.program (program, kind, label, scale, created_at) VALUES
        ('GOTONE', 'tier', '{"en": "Gotone card levels", "zh": "全球通客户级别"}',
         '{DIAMOND,PLATINUM,GOLD,SILVER,HONOURED_GUEST,ORDINARY}', '2026-01-01T00:00:00Z')`);

    await q.query('ALTER TABLE tiering.rule_set ADD COLUMN preview_run_id uuid');
    await q.query('ALTER TABLE tiering.rule_set ADD COLUMN approved_at timestamptz');
    await q.query(
      'ALTER TABLE tiering.rule_set ADD CONSTRAINT rule_set_of_program FOREIGN KEY (program) REFERENCES tiering.program',
    );
    // A decision names the version alone.
    await q.query('ALTER TABLE tiering.rule_set ADD CONSTRAINT rule_set_version UNIQUE (version)');
    await q.query('ALTER TABLE tiering.rule_set DROP CONSTRAINT one_active_gotone_rule_set_a_day');
    await q.query('ALTER TABLE tiering.rule_set DROP CONSTRAINT rule_set_status');
    await q.query(`
      ALTER TABLE tiering.rule_set ADD CONSTRAINT rule_set_status
      CHECK (status IN ('draft', 'simulated', 'approved', 'active', 'retired'))`);
    await q.query('ALTER TABLE tiering.rule_set DROP CONSTRAINT rule_set_approved');
    // What decides about customers has been seen by a second person.
    await q.query(`
      ALTER TABLE tiering.rule_set ADD CONSTRAINT rule_set_approved
      CHECK (status IN ('draft', 'simulated') OR (approver IS NOT NULL AND approver <> author))`);

    await q.query(`
      CREATE TABLE tiering.rule_set_period (
        period_id uuid PRIMARY KEY,
        program text NOT NULL REFERENCES tiering.program,
        version text NOT NULL REFERENCES tiering.rule_set (version),
        regions text[],
        effective_from date NOT NULL,
        effective_until date NOT NULL DEFAULT '${FOREVER}',
        begun_by text NOT NULL,
        begun_at timestamptz NOT NULL,
        ended_by text,
        ended_at timestamptz
      )`);
    await q.query(`
      ALTER TABLE tiering.rule_set_period ADD CONSTRAINT rule_set_period_days CHECK (effective_from <= effective_until)`);
    await q.query(`
      ALTER TABLE tiering.rule_set_period ADD CONSTRAINT one_rule_set_everywhere
      EXCLUDE USING gist (program WITH =, daterange(effective_from, effective_until) WITH &&) WHERE (regions IS NULL)`);
    // One trial (灰度) of a programme at a time.
    await q.query(`
      ALTER TABLE tiering.rule_set_period ADD CONSTRAINT one_rule_set_on_trial
      EXCLUDE USING gist (program WITH =, daterange(effective_from, effective_until) WITH &&) WHERE (regions IS NOT NULL)`);
    await grant(q, 'tiering.rule_set_period', 'read-write');
    await q.query(`
      INSERT INTO tiering.rule_set_period (period_id, program, version, effective_from, effective_until, begun_by, begun_at)
      SELECT md5(program || version)::uuid, program, version, effective_from, effective_until, approver, created_at
      FROM tiering.rule_set WHERE status = 'active'`);

    await q.query(`ALTER TABLE tiering.tier_assignment ADD COLUMN program text NOT NULL DEFAULT 'GOTONE'`);
    await q.query('ALTER TABLE tiering.tier_assignment ALTER COLUMN program DROP DEFAULT');
    await q.query('ALTER TABLE tiering.tier_assignment DROP CONSTRAINT tier_assignment_tier');
    await q.query('DROP VIEW tiering.current_tier');
    await q.query('DROP INDEX tiering.tier_assignment_current');
    // Holds everything that a run compares with: it is read in customer order, without the table.
    await q.query(`
      CREATE UNIQUE INDEX tier_assignment_current ON tiering.tier_assignment (customer_id, program)
      INCLUDE (tier, valid_from, decision_id) WHERE valid_until = '${FOREVER}'`);
    await q.query(`
      CREATE VIEW tiering.current_level WITH (security_invoker = true) AS
      SELECT customer_id, program, tier, valid_from, valid_until, decision_id
      FROM tiering.tier_assignment WHERE valid_until = '${FOREVER}'`);
    await grant(q, 'tiering.current_level', 'read-only');
    await q.query(`
      CREATE VIEW tiering.current_tier WITH (security_invoker = true) AS
      SELECT customer_id, tier, valid_from, valid_until, decision_id
      FROM tiering.tier_assignment WHERE valid_until = '${FOREVER}' AND program = 'GOTONE'`);
    await grant(q, 'tiering.current_tier', 'read-only');

    await q.query(`ALTER TABLE tiering.tier_decision ADD COLUMN program text NOT NULL DEFAULT 'GOTONE'`);
    await q.query('ALTER TABLE tiering.tier_decision ALTER COLUMN program DROP DEFAULT');
    // What was decided from: the facts that the rules read, and how the customer stood. null in decisions older than these columns.
    await q.query('ALTER TABLE tiering.tier_decision ADD COLUMN facts jsonb');
    await q.query('ALTER TABLE tiering.tier_decision ADD COLUMN standing jsonb');
    await q.query('ALTER TABLE tiering.tier_decision DROP CONSTRAINT tier_decision_outcome');
    await q.query(`
      ALTER TABLE tiering.tier_decision ADD CONSTRAINT tier_decision_outcome CHECK (outcome IN
        ('entered', 'upgraded', 'downgraded', 'retained', 'warned', 'recovered', 'kept', 'restored'))`);
    await q.query('ALTER TABLE tiering.tier_decision DROP CONSTRAINT tier_decision_kept');
    await q.query(`
      ALTER TABLE tiering.tier_decision ADD CONSTRAINT tier_decision_kept
      CHECK (CASE outcome
        WHEN 'kept' THEN from_tier = to_tier AND num_nulls(would_be, kept_until, refers_to, cause) = 0
        WHEN 'warned' THEN from_tier = to_tier AND num_nulls(would_be, kept_until) = 0
        WHEN 'restored' THEN from_tier = to_tier AND num_nulls(refers_to, cause) = 0 AND num_nonnulls(would_be, kept_until) = 0
        WHEN 'recovered' THEN from_tier = to_tier AND num_nonnulls(would_be, kept_until) = 0
        WHEN 'retained' THEN from_tier = to_tier AND num_nonnulls(would_be, kept_until) = 0
        ELSE num_nonnulls(would_be, kept_until) = 0 END)`);

    await q.query(`ALTER TABLE tiering.review ADD COLUMN program text NOT NULL DEFAULT 'GOTONE'`);
    await q.query('ALTER TABLE tiering.review ALTER COLUMN program DROP DEFAULT');
    await q.query('ALTER TABLE tiering.review ADD COLUMN is_yearly boolean NOT NULL DEFAULT true');
    await q.query('ALTER TABLE tiering.review ALTER COLUMN is_yearly DROP DEFAULT');
    await q.query('ALTER TABLE tiering.review ADD COLUMN trial_version text');
    await q.query('ALTER TABLE tiering.review ADD COLUMN trial_regions text[]');

    // Downgrades that were announced and have not come yet (降级缓冲).
    await q.query(`
      CREATE TABLE tiering.tier_grace (
        customer_id uuid NOT NULL,
        program text NOT NULL,
        decision_id uuid NOT NULL,
        would_be text NOT NULL,
        begun_on date NOT NULL,
        ends_on date NOT NULL,
        notices int NOT NULL DEFAULT 1,
        PRIMARY KEY (customer_id, program)
      )`);
    await grant(q, 'tiering.tier_grace', 'read-write');
    await protectCustomerRows(q, 'tiering.tier_grace');

    // Levels given by hand (特批), approved by a second person, until a day.
    await q.query(`
      CREATE TABLE tiering.tier_override (
        customer_id uuid NOT NULL,
        override_id uuid NOT NULL,
        program text NOT NULL,
        tier text NOT NULL,
        mode text NOT NULL,
        category text NOT NULL,
        reason text NOT NULL,
        valid_from date NOT NULL,
        valid_until date NOT NULL,
        asked_by text NOT NULL,
        approved_by text NOT NULL,
        recorded_at timestamptz NOT NULL,
        ended_by text,
        ended_at timestamptz,
        PRIMARY KEY (customer_id, override_id)
      )`);
    await q.query(
      `ALTER TABLE tiering.tier_override ADD CONSTRAINT tier_override_mode CHECK (mode IN ('at-least', 'exactly'))`,
    );
    await q.query(
      `ALTER TABLE tiering.tier_override ADD CONSTRAINT tier_override_days CHECK (valid_from <= valid_until)`,
    );
    await q.query(
      `ALTER TABLE tiering.tier_override ADD CONSTRAINT tier_override_by_two CHECK (asked_by <> approved_by)`,
    );
    await q.query(`
      ALTER TABLE tiering.tier_override ADD CONSTRAINT one_override_a_day
      EXCLUDE USING gist (customer_id WITH =, program WITH =, daterange(valid_from, valid_until) WITH &&)`);
    await grant(q, 'tiering.tier_override', 'read-write');
    await q.query(`REVOKE DELETE ON tiering.tier_override, tiering.rule_set_period FROM ${APPLICATION_ROLE}`);
    await protectCustomerRows(q, 'tiering.tier_override');

    // What a run over everybody would lower, until it is known how many they are.
    await q.query(`
      CREATE TABLE tiering.pending_downgrade (
        customer_id uuid NOT NULL,
        run_id uuid NOT NULL,
        program text NOT NULL,
        decision_id uuid NOT NULL,
        held_by uuid NOT NULL,
        rule_set_version text NOT NULL,
        as_of date NOT NULL,
        from_tier text NOT NULL,
        to_tier text NOT NULL,
        effective_on date NOT NULL,
        facts jsonb NOT NULL,
        standing jsonb NOT NULL,
        inputs jsonb NOT NULL,
        reasons jsonb NOT NULL,
        decided_at timestamptz NOT NULL,
        PRIMARY KEY (customer_id, run_id)
      )`);
    await q.query('CREATE INDEX pending_downgrade_of_run ON tiering.pending_downgrade (run_id)');
    await grant(q, 'tiering.pending_downgrade', 'read-write');
    await protectCustomerRows(q, 'tiering.pending_downgrade');
    await q.query('ALTER TABLE tiering.review ADD COLUMN downgrades_released_by text');
  }

  async down(q: QueryRunner): Promise<void> {
    for (const table of ['pending_downgrade', 'tier_override', 'tier_grace', 'rule_set_period']) {
      await q.query(`DROP TABLE tiering.${table}`);
    }
    for (const column of ['downgrades_released_by', 'trial_regions', 'trial_version', 'is_yearly', 'program']) {
      await q.query(`ALTER TABLE tiering.review DROP COLUMN ${column}`);
    }
    await q.query(
      `DELETE FROM tiering.tier_decision WHERE program <> 'GOTONE' OR outcome IN ('retained', 'warned', 'recovered')`,
    );
    await q.query('ALTER TABLE tiering.tier_decision DROP CONSTRAINT tier_decision_kept');
    await q.query('ALTER TABLE tiering.tier_decision DROP CONSTRAINT tier_decision_outcome');
    await q.query(`
      ALTER TABLE tiering.tier_decision ADD CONSTRAINT tier_decision_outcome
      CHECK (outcome IN ('entered', 'upgraded', 'downgraded', 'kept', 'restored'))`);
    await q.query(`
      ALTER TABLE tiering.tier_decision ADD CONSTRAINT tier_decision_kept
      CHECK (CASE outcome WHEN 'kept' THEN from_tier = to_tier AND num_nulls(would_be, kept_until, refers_to, cause) = 0
        WHEN 'restored' THEN from_tier = to_tier AND num_nulls(refers_to, cause) = 0 AND num_nonnulls(would_be, kept_until) = 0
        ELSE num_nonnulls(would_be, kept_until) = 0 END)`);
    for (const column of ['standing', 'facts', 'program']) {
      await q.query(`ALTER TABLE tiering.tier_decision DROP COLUMN ${column}`);
    }
    await q.query(`DELETE FROM tiering.tier_assignment WHERE program <> 'GOTONE'`);
    await q.query('DROP VIEW tiering.current_level');
    await q.query('DROP VIEW tiering.current_tier');
    await q.query('DROP INDEX tiering.tier_assignment_current');
    await q.query('ALTER TABLE tiering.tier_assignment DROP COLUMN program');
    await q.query(`
      ALTER TABLE tiering.tier_assignment ADD CONSTRAINT tier_assignment_tier
      CHECK (tier IN ('DIAMOND', 'PLATINUM', 'GOLD', 'SILVER', 'HONOURED_GUEST', 'ORDINARY'))`);
    await q.query(`
      CREATE UNIQUE INDEX tier_assignment_current ON tiering.tier_assignment (customer_id)
      INCLUDE (tier, valid_from, decision_id) WHERE valid_until = '${FOREVER}'`);
    await q.query(`
      CREATE VIEW tiering.current_tier WITH (security_invoker = true) AS
      SELECT customer_id, tier, valid_from, valid_until, decision_id
      FROM tiering.tier_assignment WHERE valid_until = '${FOREVER}'`);
    await grant(q, 'tiering.current_tier', 'read-only');
    await q.query(`DELETE FROM tiering.rule_set WHERE program <> 'GOTONE' OR status IN ('simulated', 'approved')`);
    for (const constraint of ['rule_set_approved', 'rule_set_status', 'rule_set_version', 'rule_set_of_program']) {
      await q.query(`ALTER TABLE tiering.rule_set DROP CONSTRAINT ${constraint}`);
    }
    await q.query(`
      ALTER TABLE tiering.rule_set ADD CONSTRAINT rule_set_status CHECK (status IN ('draft', 'active', 'retired'))`);
    await q.query(`
      ALTER TABLE tiering.rule_set ADD CONSTRAINT rule_set_approved
      CHECK (status = 'draft' OR (approver IS NOT NULL AND approver <> author))`);
    await q.query(`
      ALTER TABLE tiering.rule_set ADD CONSTRAINT one_active_gotone_rule_set_a_day
      EXCLUDE USING gist (daterange(effective_from, effective_until) WITH &&)
      WHERE (status = 'active' AND program = 'GOTONE')`);
    for (const column of ['approved_at', 'preview_run_id']) {
      await q.query(`ALTER TABLE tiering.rule_set DROP COLUMN ${column}`);
    }
    await q.query('DROP TABLE tiering.program');
  }
}
