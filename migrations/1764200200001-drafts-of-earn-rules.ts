import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE, grant } from '../src/platform/database/migration-tools.js';

/**
 * Drafts of earn rules live beside those in force, so that whoever earns by rules reads approved ones only. Approval adds a version and
 * ends the one before it on that day; what a version says is never changed.
 */
export class DraftsOfEarnRules1764200200001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE points.earn_rule_draft (
        draft_id uuid PRIMARY KEY,
        effective_from date NOT NULL,
        rules jsonb NOT NULL,
        checksum text NOT NULL,
        author text NOT NULL,
        created_at timestamptz NOT NULL,
        changed_at timestamptz NOT NULL,
        version integer UNIQUE,
        approval_id uuid,
        approved_at timestamptz
      )`);
    await q.query(`
      ALTER TABLE points.earn_rule_draft ADD CONSTRAINT earn_rule_draft_approved
      CHECK (num_nulls(version, approval_id, approved_at) IN (0, 3))`);
    await grant(q, 'points.earn_rule_draft', 'append-only');
    await q.query(`
      GRANT UPDATE (effective_from, rules, checksum, changed_at, version, approval_id, approved_at)
      ON points.earn_rule_draft TO ${APPLICATION_ROLE}`);
    await q.query(`GRANT INSERT, UPDATE (effective_to) ON points.earn_rule_set TO ${APPLICATION_ROLE}`);
    await q.query(`
      ALTER TABLE points.earn_rule_set ADD CONSTRAINT earn_rule_set_days CHECK (effective_from < effective_to)`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('ALTER TABLE points.earn_rule_set DROP CONSTRAINT earn_rule_set_days');
    await q.query(`REVOKE INSERT, UPDATE (effective_to) ON points.earn_rule_set FROM ${APPLICATION_ROLE}`);
    await q.query('DROP TABLE points.earn_rule_draft');
  }
}
