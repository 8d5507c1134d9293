import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE } from '../src/platform/database/migration-tools.js';

/** What people asked about their own data, and that they were given it, is evidence (CUS-35). */
export class RequestsAreKept1763800200090 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`REVOKE DELETE ON customers.subject_request, customers.subject_export FROM ${APPLICATION_ROLE}`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`GRANT DELETE ON customers.subject_request, customers.subject_export TO ${APPLICATION_ROLE}`);
  }
}
