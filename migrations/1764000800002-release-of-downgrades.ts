import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE } from '../src/platform/database/migration-tools.js';

/** What a review was stays as it is written; only who released its downgrades is added. */
export class ReleaseOfDowngrades1764000800002 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`GRANT UPDATE (downgrades_released_by) ON tiering.review TO ${APPLICATION_ROLE}`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`REVOKE UPDATE (downgrades_released_by) ON tiering.review FROM ${APPLICATION_ROLE}`);
  }
}
