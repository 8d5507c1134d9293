import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createSchema, grant } from '../src/platform/database/migration-tools.js';

/** Risk of losing customers: rule sets as data, and the score of everybody who shows any sign. */
export class Analytics1763700800001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createSchema(q, 'analytics');
    await q.query(`
      CREATE TABLE analytics.churn_rule_set (
        version text PRIMARY KEY,
        status text NOT NULL,
        effective_from date NOT NULL,
        effective_until date NOT NULL DEFAULT '9999-12-31',
        body jsonb NOT NULL,
        author text NOT NULL,
        approver text,
        created_at timestamptz NOT NULL
      )`);
    await q.query(`
      ALTER TABLE analytics.churn_rule_set ADD CONSTRAINT churn_rule_set_status
      CHECK (status IN ('draft', 'active', 'retired') AND effective_from < effective_until)`);
    await q.query(`
      ALTER TABLE analytics.churn_rule_set ADD CONSTRAINT churn_rule_set_approved
      CHECK (status = 'draft' OR (approver IS NOT NULL AND approver <> author))`);
    await q.query(`
      ALTER TABLE analytics.churn_rule_set ADD CONSTRAINT one_active_churn_rule_set_a_day
      EXCLUDE USING gist (daterange(effective_from, effective_until) WITH &&) WHERE (status = 'active')`);
    await grant(q, 'analytics.churn_rule_set', 'read-write');

    // as_of: the day of the assessment that found it so; an assessment that finds the same again writes nothing.
    await q.query(`
      CREATE TABLE analytics.churn_score (
        customer_id uuid PRIMARY KEY,
        as_of date NOT NULL,
        run_id uuid NOT NULL,
        risk smallint NOT NULL,
        band text NOT NULL,
        reasons jsonb NOT NULL,
        revenue_at_risk_fen bigint NOT NULL,
        assessed_at timestamptz NOT NULL
      ) WITH (fillfactor = 85)`);
    await q.query(`
      ALTER TABLE analytics.churn_score ADD CONSTRAINT churn_score_range
      CHECK (risk BETWEEN 0 AND 100 AND band IN ('high', 'medium', 'low'))`);
    await q.query(`
      CREATE INDEX churn_score_at_risk ON analytics.churn_score (risk DESC, customer_id)
      INCLUDE (revenue_at_risk_fen) WHERE band IN ('high', 'medium')`);
    await grant(q, 'analytics.churn_score', 'read-write');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP SCHEMA analytics CASCADE');
  }
}
