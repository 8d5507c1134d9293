import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant } from '../src/platform/database/migration-tools.js';

/** Recomputes over everybody and their slices. Their times are the server's: workers compare them with each other. */
export class Run1763700000030 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE platform.run (
        run_id uuid PRIMARY KEY,
        kind text NOT NULL,
        run_key text NOT NULL,
        as_of date NOT NULL,
        parameters jsonb NOT NULL,
        rule_version text,
        status text NOT NULL DEFAULT 'pending',
        slices_total int NOT NULL DEFAULT 0,
        customers_total bigint NOT NULL DEFAULT 0,
        counts jsonb NOT NULL DEFAULT '{}',
        checksum text,
        summary jsonb,
        error text,
        created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
        started_at timestamptz,
        prepared_at timestamptz,
        executing_since timestamptz,
        heartbeat_at timestamptz,
        finished_at timestamptz
      )`);
    await q.query(`ALTER TABLE platform.run ADD CONSTRAINT run_started_once UNIQUE (kind, run_key)`);
    await q.query(`
      ALTER TABLE platform.run ADD CONSTRAINT run_status
      CHECK (status IN ('pending', 'running', 'completed', 'failed', 'cancelled'))`);
    await q.query(`CREATE INDEX run_unfinished ON platform.run (status) WHERE status IN ('pending', 'running')`);
    await grant(q, 'platform.run', 'read-write');

    await q.query(`
      CREATE TABLE platform.run_slice (
        run_id uuid NOT NULL,
        slice_no int NOT NULL,
        from_customer uuid NOT NULL,
        to_customer uuid NOT NULL,
        customers int NOT NULL,
        counts jsonb NOT NULL DEFAULT '{}',
        finished_at timestamptz,
        PRIMARY KEY (run_id, slice_no)
      )`);
    await q.query(`
      ALTER TABLE platform.run_slice ADD CONSTRAINT slice_of_run FOREIGN KEY (run_id) REFERENCES platform.run ON DELETE CASCADE`);
    await grant(q, 'platform.run_slice', 'read-write');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP TABLE platform.run_slice');
    await q.query('DROP TABLE platform.run');
  }
}
