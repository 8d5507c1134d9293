import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant } from '../src/platform/database/migration-tools.js';

/** A system has up to two secrets at a time, so that it changes them while it works; it may have to sign, and come from known addresses. */
export class ClientSecrets1763800100030 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE organization.client_secret (
        secret_id uuid PRIMARY KEY,
        api_key_id uuid NOT NULL,
        key_hash text NOT NULL,
        sealed_key bytea,
        created_at timestamptz NOT NULL,
        expires_at timestamptz,
        revoked_at timestamptz
      )`);
    await q.query(`ALTER TABLE organization.client_secret ADD CONSTRAINT client_secret_hash_once UNIQUE (key_hash)`);
    await q.query(`
      ALTER TABLE organization.client_secret ADD CONSTRAINT client_secret_of FOREIGN KEY (api_key_id)
      REFERENCES organization.api_key (api_key_id)`);
    await q.query(`CREATE INDEX client_secret_client ON organization.client_secret (api_key_id)`);
    await grant(q, 'organization.client_secret', 'read-write');
    // What was issued before is known by its hash only: it goes on working, and signs once it is rotated.
    await q.query(`
      INSERT INTO organization.client_secret (secret_id, api_key_id, key_hash, created_at, revoked_at)
      SELECT api_key_id, api_key_id, key_hash, created_at, revoked_at FROM organization.api_key`);

    await q.query(`ALTER TABLE organization.api_key DROP CONSTRAINT api_key_hash_once`);
    await q.query(`ALTER TABLE organization.api_key DROP COLUMN key_hash`);
    await q.query(`ALTER TABLE organization.api_key ADD COLUMN must_sign boolean NOT NULL DEFAULT false`);
    await q.query(`ALTER TABLE organization.api_key ALTER COLUMN must_sign DROP DEFAULT`);
    await q.query(`ALTER TABLE organization.api_key ADD COLUMN addresses text[] NOT NULL DEFAULT '{}'`);
    await q.query(`ALTER TABLE organization.api_key ALTER COLUMN addresses DROP DEFAULT`);
    await q.query(`ALTER TABLE organization.api_key ADD COLUMN requests_per_minute integer`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`ALTER TABLE organization.api_key DROP COLUMN requests_per_minute`);
    await q.query(`ALTER TABLE organization.api_key DROP COLUMN addresses`);
    await q.query(`ALTER TABLE organization.api_key DROP COLUMN must_sign`);
    await q.query(`ALTER TABLE organization.api_key ADD COLUMN key_hash text`);
    await q.query(`
      UPDATE organization.api_key k SET key_hash = (
        SELECT s.key_hash FROM organization.client_secret s WHERE s.api_key_id = k.api_key_id ORDER BY s.created_at DESC LIMIT 1)`);
    await q.query(`ALTER TABLE organization.api_key ALTER COLUMN key_hash SET NOT NULL`);
    await q.query(`ALTER TABLE organization.api_key ADD CONSTRAINT api_key_hash_once UNIQUE (key_hash)`);
    await q.query('DROP TABLE organization.client_secret');
  }
}
