import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant } from '../src/platform/database/migration-tools.js';

/** What records of usage of our own kinds say (TMF635). Each change is a further revision; what was in force stays known. */
export class UsageSpecifications1763900300050 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE usage.usage_specification (
        specification_id uuid NOT NULL,
        revision int NOT NULL,
        body jsonb NOT NULL,
        is_deleted boolean NOT NULL,
        recorded_at timestamptz NOT NULL,
        recorded_by text NOT NULL,
        PRIMARY KEY (specification_id, revision)
      )`);
    await grant(q, 'usage.usage_specification', 'append-only');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP TABLE usage.usage_specification');
  }
}
