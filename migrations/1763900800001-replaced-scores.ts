import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant, protectCustomerRows } from '../src/platform/database/migration-tools.js';

/** Late figures give a customer another score: what was believed before, and acted upon, stays to be read. */
export class ReplacedScores1763900800001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE analytics.churn_assessment (
        run_id uuid PRIMARY KEY,
        as_of date NOT NULL,
        rule_set_version text NOT NULL,
        started_at timestamptz NOT NULL
      )`);
    // Scores do not say by which rules they were made; the next assessment of everybody will.
    await q.query(`
      INSERT INTO analytics.churn_assessment (run_id, as_of, rule_set_version, started_at)
      SELECT s.run_id, max(s.as_of), max(r.version), min(s.assessed_at)
      FROM analytics.churn_score s JOIN analytics.churn_rule_set r
        ON r.status = 'active' AND r.effective_from <= s.as_of AND s.as_of < r.effective_until
      GROUP BY s.run_id`);
    await q.query(`CREATE INDEX churn_assessment_as_of ON analytics.churn_assessment (as_of)`);
    await grant(q, 'analytics.churn_assessment', 'append-only');

    await q.query(`
      CREATE TABLE analytics.replaced_score (
        customer_id uuid NOT NULL,
        replaced_by uuid NOT NULL,
        intake_id uuid NOT NULL,
        replaced_at timestamptz NOT NULL,
        as_of date NOT NULL,
        run_id uuid NOT NULL,
        risk smallint NOT NULL,
        band text NOT NULL,
        reasons jsonb NOT NULL,
        revenue_at_risk_fen bigint NOT NULL,
        assessed_at timestamptz NOT NULL,
        PRIMARY KEY (customer_id, replaced_by)
      )`);
    await protectCustomerRows(q, 'analytics.replaced_score');
    await grant(q, 'analytics.replaced_score', 'append-only');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP TABLE analytics.replaced_score');
    await q.query('DROP TABLE analytics.churn_assessment');
  }
}
