import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant } from '../src/platform/database/migration-tools.js';

/**
 * Late figures raise a level at once and lower it only at the year's review (DOMAIN §4.3.8). A lower outcome is a decision that
 * changes nothing: it says what the figures would have given, because of what, and until when the level is kept; later figures may
 * restore it.
 */
export class LateFiguresKeepLevels1763900400001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE tiering.review (
        run_id uuid PRIMARY KEY,
        as_of date NOT NULL,
        rule_set_version text NOT NULL,
        started_at timestamptz NOT NULL
      )`);
    await q.query(`
      INSERT INTO tiering.review (run_id, as_of, rule_set_version, started_at)
      SELECT run_id, max(as_of), max(rule_set_version), min(decided_at) FROM tiering.tier_decision GROUP BY run_id`);
    await q.query(`CREATE INDEX review_as_of ON tiering.review (as_of)`);
    await grant(q, 'tiering.review', 'append-only');

    await q.query(`
      CREATE TABLE tiering.reconsidered_intake (
        intake_id uuid NOT NULL,
        run_id uuid NOT NULL,
        finished_at timestamptz NOT NULL,
        PRIMARY KEY (intake_id, run_id)
      )`);
    await grant(q, 'tiering.reconsidered_intake', 'append-only');

    await q.query(`ALTER TABLE tiering.tier_decision ADD COLUMN cause jsonb`);
    await q.query(`ALTER TABLE tiering.tier_decision ADD COLUMN refers_to uuid`);
    await q.query(`ALTER TABLE tiering.tier_decision ADD COLUMN would_be text`);
    await q.query(`ALTER TABLE tiering.tier_decision ADD COLUMN kept_until date`);
    await q.query(`ALTER TABLE tiering.tier_decision DROP CONSTRAINT tier_decision_outcome`);
    await q.query(`
      ALTER TABLE tiering.tier_decision ADD CONSTRAINT tier_decision_outcome
      CHECK (outcome IN ('entered', 'upgraded', 'downgraded', 'kept', 'restored'))`);
    await q.query(`
      ALTER TABLE tiering.tier_decision ADD CONSTRAINT tier_decision_kept
      CHECK (CASE outcome WHEN 'kept' THEN from_tier = to_tier AND num_nulls(would_be, kept_until, refers_to, cause) = 0
        WHEN 'restored' THEN from_tier = to_tier AND num_nulls(refers_to, cause) = 0 AND num_nonnulls(would_be, kept_until) = 0
        ELSE num_nonnulls(would_be, kept_until) = 0 END)`);
    await q.query(`
      CREATE INDEX tier_decision_kept ON tiering.tier_decision (customer_id, refers_to, decided_at) WHERE outcome IN ('kept', 'restored')`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`DELETE FROM tiering.tier_decision WHERE outcome IN ('kept', 'restored')`);
    await q.query('ALTER TABLE tiering.tier_decision DROP CONSTRAINT tier_decision_kept');
    await q.query('ALTER TABLE tiering.tier_decision DROP CONSTRAINT tier_decision_outcome');
    await q.query(`
      ALTER TABLE tiering.tier_decision ADD CONSTRAINT tier_decision_outcome
      CHECK (outcome IN ('entered', 'upgraded', 'downgraded'))`);
    for (const column of ['kept_until', 'would_be', 'refers_to', 'cause']) {
      await q.query(`ALTER TABLE tiering.tier_decision DROP COLUMN ${column}`);
    }
    await q.query('DROP TABLE tiering.reconsidered_intake');
    await q.query('DROP TABLE tiering.review');
  }
}
