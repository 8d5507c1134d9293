import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant } from '../src/platform/database/migration-tools.js';

/** What was received, and what of it was refused or waits. Raw lines are sealed: they hold numbers and names. */
export class UsageIntake1763700300003 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE usage.intake_file (
        file_id uuid PRIMARY KEY,
        name text NOT NULL,
        kind text NOT NULL,
        source text NOT NULL,
        province text NOT NULL,
        business_date date NOT NULL,
        sequence int NOT NULL,
        fingerprint bytea NOT NULL,
        state text NOT NULL,
        received int NOT NULL,
        loaded int NOT NULL,
        duplicate int NOT NULL,
        rejected int NOT NULL,
        held int NOT NULL,
        problem_code text,
        problem text,
        created_at timestamptz,
        received_at timestamptz NOT NULL,
        finished_at timestamptz NOT NULL
      )`);
    await q.query(`
      ALTER TABLE usage.intake_file ADD CONSTRAINT intake_file_state CHECK (state IN ('OK', 'PARTIAL', 'BAD'))`);
    await q.query(`
      CREATE UNIQUE INDEX intake_file_loaded_once ON usage.intake_file (source, kind, sequence) WHERE state <> 'BAD'`);
    await q.query(`CREATE INDEX intake_file_received ON usage.intake_file (received_at)`);
    await grant(q, 'usage.intake_file', 'append-only');

    await q.query(`
      CREATE TABLE usage.rejected_record (
        intake_id uuid NOT NULL,
        line_no int NOT NULL,
        kind text NOT NULL,
        source text NOT NULL,
        record_id text,
        code text NOT NULL,
        field text,
        reason text NOT NULL,
        sealed bytea NOT NULL,
        rejected_at timestamptz NOT NULL,
        PRIMARY KEY (intake_id, line_no)
      )`);
    await grant(q, 'usage.rejected_record', 'append-only');

    await q.query(`
      CREATE TABLE usage.held_record (
        source text NOT NULL,
        kind text NOT NULL,
        record_id text NOT NULL,
        version smallint NOT NULL,
        content_hash bigint NOT NULL,
        reason text NOT NULL,
        msisdn_index bytea NOT NULL,
        account_no text,
        ref_record_id text,
        intake_id uuid NOT NULL,
        line_no int NOT NULL,
        sealed bytea NOT NULL,
        held_at timestamptz NOT NULL,
        PRIMARY KEY (source, kind, record_id, version)
      )`);
    await q.query(`
      ALTER TABLE usage.held_record ADD CONSTRAINT held_record_reason
      CHECK (reason IN ('UNKNOWN_CUSTOMER', 'UNKNOWN_REFERENCE'))`);
    await q.query(
      `CREATE INDEX held_record_reference ON usage.held_record (source, kind, ref_record_id) WHERE ref_record_id IS NOT NULL`,
    );
    await grant(q, 'usage.held_record', 'read-write');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP TABLE usage.held_record');
    await q.query('DROP TABLE usage.rejected_record');
    await q.query('DROP TABLE usage.intake_file');
  }
}
