import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant } from '../src/platform/database/migration-tools.js';

/**
 * One-time codes (动态验证码) that were sent, of numbers that are a customer's and of others alike; purged after a day. Neither the
 * number nor the code is here: both are keyed digests.
 */
export class OneTimeCodes1763800200001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE customers.one_time_code (
        code_request_id uuid PRIMARY KEY,
        msisdn_index bytea NOT NULL,
        purpose text NOT NULL,
        code_hash bytea NOT NULL,
        holder_id uuid,
        requested_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        tries smallint NOT NULL,
        ended_at timestamptz
      )`);
    await q.query(`CREATE INDEX one_time_code_of_number ON customers.one_time_code (msisdn_index, requested_at)`);
    await q.query(`CREATE INDEX one_time_code_purge ON customers.one_time_code (requested_at)`);
    await q.query(`
      CREATE UNIQUE INDEX one_time_code_live ON customers.one_time_code (msisdn_index, purpose) WHERE ended_at IS NULL`);
    await grant(q, 'customers.one_time_code', 'read-write');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP TABLE customers.one_time_code');
  }
}
