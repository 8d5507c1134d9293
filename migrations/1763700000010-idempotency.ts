import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant } from '../src/platform/database/migration-tools.js';

/** Requests with an Idempotency-Key: who runs them now, and what was answered. Local, small, purged. */
export class Idempotency1763700000010 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE platform.idempotency_key (
        actor text NOT NULL,
        route text NOT NULL,
        key text NOT NULL,
        request_hash text NOT NULL,
        claim_id uuid NOT NULL UNIQUE,
        claimed_at timestamptz NOT NULL,
        leased_until timestamptz NOT NULL,
        status smallint,
        location text,
        body bytea,
        PRIMARY KEY (actor, route, key)
      )`);
    await q.query('CREATE INDEX idempotency_key_purge ON platform.idempotency_key (claimed_at)');
    await grant(q, 'platform.idempotency_key', 'read-write');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP TABLE platform.idempotency_key');
  }
}
