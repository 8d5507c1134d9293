import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createSchema, grant } from '../src/platform/database/migration-tools.js';

/**
 * The secrets under which customers' data is sealed. They have a schema of their own because no backup of the data may contain
 * them: who is erased here is erased in every backup.
 */
export class SubjectKeys1763800200020 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createSchema(q, 'vault');
    await q.query(`
      CREATE TABLE vault.subject_key (
        subject_id uuid PRIMARY KEY,
        secret bytea NOT NULL,
        created_at timestamptz NOT NULL
      )`);
    await q.query(`
      ALTER TABLE vault.subject_key ADD CONSTRAINT subject_key_length CHECK (octet_length(secret) = 32)`);
    await grant(q, 'vault.subject_key', 'append-only');
    // What an earlier release sealed with the data key alone is sealed anew, by the first worker that looks for unfinished runs.
    await q.query(`
      INSERT INTO platform.run (run_id, kind, run_key, as_of, parameters)
      SELECT gen_random_uuid(), 'customers.reseal', 'subject-keys', (now() AT TIME ZONE 'Asia/Shanghai')::date, '{}'
      WHERE EXISTS (SELECT FROM customers.party)`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`DELETE FROM platform.run WHERE kind = 'customers.reseal'`);
    await q.query('DROP SCHEMA vault CASCADE');
  }
}
