import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant } from '../src/platform/database/migration-tools.js';

const LANES = 16;

/** Events on their way, and which listener has had which. Both are local and small: the relay purges them. */
export class Outbox1763700000020 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE platform.outbox (
        position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        event_id uuid NOT NULL DEFAULT gen_random_uuid(),
        name text NOT NULL,
        customer_id uuid,
        payload jsonb NOT NULL,
        occurred_at timestamptz NOT NULL,
        recorded_at timestamptz NOT NULL,
        lane smallint NOT NULL GENERATED ALWAYS AS (uuid_hash(COALESCE(customer_id, event_id)) & ${LANES - 1}) STORED,
        attempts smallint NOT NULL DEFAULT 0,
        next_attempt_at timestamptz NOT NULL DEFAULT '-infinity',
        relayed_at timestamptz,
        parked_at timestamptz,
        last_error text
      )`);
    await q.query(`
      CREATE INDEX outbox_waiting ON platform.outbox (lane, position) WHERE relayed_at IS NULL AND parked_at IS NULL`);
    await q.query(`
      CREATE INDEX outbox_failed ON platform.outbox (customer_id, position)
      WHERE relayed_at IS NULL AND parked_at IS NULL AND attempts > 0`);
    await q.query(`CREATE INDEX outbox_parked ON platform.outbox (parked_at) WHERE parked_at IS NOT NULL`);
    await q.query(`CREATE INDEX outbox_relayed ON platform.outbox (relayed_at) WHERE relayed_at IS NOT NULL`);
    // Every insert and every relayed row is dead weight soon after; the default (a fifth of the table) comes too late.
    await q.query(`ALTER TABLE platform.outbox SET (autovacuum_vacuum_scale_factor = 0.02, fillfactor = 80)`);
    await grant(q, 'platform.outbox', 'read-write');

    // One row per lane: a relay locks the row, and so has the events of that lane to itself until it commits or dies.
    await q.query(`CREATE TABLE platform.outbox_lane (lane smallint PRIMARY KEY)`);
    await q.query(`INSERT INTO platform.outbox_lane SELECT generate_series(0, ${LANES - 1})`);
    await grant(q, 'platform.outbox_lane', 'read-write');

    await q.query(`
      CREATE TABLE platform.handled_event (
        event_id uuid NOT NULL,
        listener text NOT NULL,
        handled_at timestamptz NOT NULL,
        PRIMARY KEY (event_id, listener)
      )`);
    await grant(q, 'platform.handled_event', 'read-write');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP TABLE platform.handled_event');
    await q.query('DROP TABLE platform.outbox_lane');
    await q.query('DROP TABLE platform.outbox');
  }
}
