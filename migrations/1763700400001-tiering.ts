import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createSchema, grant } from '../src/platform/database/migration-tools.js';

/** Levels of customers: rule sets as data, what was decided for whom and why, and who holds which level when. */
export class Tiering1763700400001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createSchema(q, 'tiering');

    await q.query(`
      CREATE TABLE tiering.rule_set (
        program text NOT NULL,
        version text NOT NULL,
        status text NOT NULL,
        effective_from date NOT NULL,
        effective_until date NOT NULL DEFAULT '9999-12-31',
        body jsonb NOT NULL,
        checksum text NOT NULL,
        author text NOT NULL,
        approver text,
        created_at timestamptz NOT NULL,
        PRIMARY KEY (program, version)
      )`);
    await q.query(`
      ALTER TABLE tiering.rule_set ADD CONSTRAINT rule_set_status CHECK (status IN ('draft', 'active', 'retired'))`);
    await q.query(`
      ALTER TABLE tiering.rule_set ADD CONSTRAINT rule_set_effective CHECK (effective_from < effective_until)`);
    // What decides about customers has been seen by a second person.
    await q.query(`
      ALTER TABLE tiering.rule_set ADD CONSTRAINT rule_set_approved
      CHECK (status = 'draft' OR (approver IS NOT NULL AND approver <> author))`);
    await q.query(`
      ALTER TABLE tiering.rule_set ADD CONSTRAINT one_active_gotone_rule_set_a_day
      EXCLUDE USING gist (daterange(effective_from, effective_until) WITH &&)
      WHERE (status = 'active' AND program = 'GOTONE')`);
    await grant(q, 'tiering.rule_set', 'read-write');

    await q.query(`
      CREATE TABLE tiering.tier_decision (
        customer_id uuid NOT NULL,
        decision_id uuid NOT NULL,
        run_id uuid NOT NULL,
        rule_set_version text NOT NULL,
        as_of date NOT NULL,
        from_tier text NOT NULL,
        to_tier text NOT NULL,
        outcome text NOT NULL,
        inputs jsonb NOT NULL,
        reasons jsonb NOT NULL,
        decided_at timestamptz NOT NULL,
        PRIMARY KEY (customer_id, decision_id)
      )`);
    await q.query(`
      ALTER TABLE tiering.tier_decision ADD CONSTRAINT tier_decision_outcome
      CHECK (outcome IN ('entered', 'upgraded', 'downgraded'))`);
    await q.query(`CREATE INDEX tier_decision_of_run ON tiering.tier_decision (run_id)`);
    await grant(q, 'tiering.tier_decision', 'append-only');

    // valid_from <= day < valid_until; the current one is open until 9999-12-31. Decided twice on one day, the first of
    // the two is left with an empty range.
    await q.query(`
      CREATE TABLE tiering.tier_assignment (
        customer_id uuid NOT NULL,
        decision_id uuid NOT NULL,
        tier text NOT NULL,
        valid_from date NOT NULL,
        valid_until date NOT NULL DEFAULT '9999-12-31',
        end_reason text,
        PRIMARY KEY (customer_id, decision_id)
      )`);
    await q.query(`
      ALTER TABLE tiering.tier_assignment ADD CONSTRAINT tier_assignment_tier
      CHECK (tier IN ('DIAMOND', 'PLATINUM', 'GOLD', 'SILVER', 'HONOURED_GUEST', 'ORDINARY'))`);
    await q.query(`
      ALTER TABLE tiering.tier_assignment ADD CONSTRAINT tier_assignment_ended
      CHECK (COALESCE(end_reason IN ('changed', 'departed'), false) = (valid_until < '9999-12-31'))`);
    // Holds everything that the run compares with: it is read in customer order, without the table.
    await q.query(`
      CREATE UNIQUE INDEX tier_assignment_current ON tiering.tier_assignment (customer_id)
      INCLUDE (tier, valid_from, decision_id) WHERE valid_until = '9999-12-31'`);
    await grant(q, 'tiering.tier_assignment', 'read-write');

    await q.query(`
      CREATE VIEW tiering.current_tier AS
      SELECT customer_id, tier, valid_from, valid_until, decision_id
      FROM tiering.tier_assignment WHERE valid_until = '9999-12-31'`);
    await grant(q, 'tiering.current_tier', 'read-only');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP SCHEMA tiering CASCADE');
  }
}
