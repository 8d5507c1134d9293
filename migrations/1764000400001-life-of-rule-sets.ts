import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE } from '../src/platform/database/migration-tools.js';

/** Who has written a rule set besides its author, how a period of it ended, and rule sets that are withdrawn unseen. */
export class LifeOfRuleSets1764000400001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`ALTER TABLE tiering.rule_set ADD COLUMN co_authors text[] NOT NULL DEFAULT '{}'`);
    await q.query('ALTER TABLE tiering.rule_set DROP CONSTRAINT rule_set_approved');
    // What decides about customers has been seen by somebody who has not written it. What was withdrawn before has never decided.
    await q.query(`
      ALTER TABLE tiering.rule_set ADD CONSTRAINT rule_set_approved
      CHECK (CASE
        WHEN approver IS NULL THEN status IN ('draft', 'simulated', 'retired')
        ELSE approver <> author AND approver <> ALL (co_authors) END)`);
    await q.query('ALTER TABLE tiering.rule_set_period ADD COLUMN end_reason text');
    await q.query(`
      ALTER TABLE tiering.rule_set_period ADD CONSTRAINT rule_set_period_end_reason
      CHECK (end_reason IN ('superseded', 'regions-changed', 'everywhere', 'rolled-back'))`);
    // A row is locked by those who may change it: every step in the life of a rule set waits for the row of its programme.
    await q.query(`GRANT UPDATE (label) ON tiering.program TO ${APPLICATION_ROLE}`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`REVOKE UPDATE (label) ON tiering.program FROM ${APPLICATION_ROLE}`);
    await q.query('ALTER TABLE tiering.rule_set_period DROP COLUMN end_reason');
    await q.query(`DELETE FROM tiering.rule_set WHERE status = 'retired' AND approver IS NULL`);
    await q.query('ALTER TABLE tiering.rule_set DROP CONSTRAINT rule_set_approved');
    await q.query(`
      ALTER TABLE tiering.rule_set ADD CONSTRAINT rule_set_approved
      CHECK (status IN ('draft', 'simulated') OR (approver IS NOT NULL AND approver <> author))`);
    await q.query('ALTER TABLE tiering.rule_set DROP COLUMN co_authors');
  }
}
