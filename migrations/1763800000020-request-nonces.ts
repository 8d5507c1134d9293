import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant } from '../src/platform/database/migration-tools.js';

/** The nonces of signed requests, while their signatures are young enough to be used. Local, small, purged. */
export class RequestNonces1763800000020 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE platform.request_nonce (
        client_id uuid NOT NULL,
        nonce text NOT NULL,
        expires_at timestamptz NOT NULL,
        PRIMARY KEY (client_id, nonce)
      )`);
    await q.query('CREATE INDEX request_nonce_purge ON platform.request_nonce (expires_at)');
    await grant(q, 'platform.request_nonce', 'read-write');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP TABLE platform.request_nonce');
  }
}
