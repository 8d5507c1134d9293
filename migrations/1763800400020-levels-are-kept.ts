import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE } from '../src/platform/database/migration-tools.js';

/** Levels end, they are not deleted (CUS-35). */
export class LevelsAreKept1763800400020 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`REVOKE DELETE ON tiering.tier_assignment, tiering.rule_set FROM ${APPLICATION_ROLE}`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`GRANT DELETE ON tiering.tier_assignment, tiering.rule_set TO ${APPLICATION_ROLE}`);
  }
}
