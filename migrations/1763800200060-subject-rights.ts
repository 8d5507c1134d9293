import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant, protectCustomerRows } from '../src/platform/database/migration-tools.js';

/** What people ask about their own data (个人信息主体权利请求, PIPL 44–50), and the copies that they are given. */
export class SubjectRights1763800200060 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE customers.subject_request (
        customer_id uuid NOT NULL,
        request_id uuid NOT NULL,
        kind text NOT NULL,
        channel text NOT NULL,
        received_at timestamptz NOT NULL,
        due_on date NOT NULL,
        detail_sealed bytea,
        status text NOT NULL,
        recorded_by text NOT NULL,
        recorded_at timestamptz NOT NULL,
        answer text,
        closed_by text,
        closed_at timestamptz,
        PRIMARY KEY (customer_id, request_id)
      )`);
    await q.query(`
      ALTER TABLE customers.subject_request ADD CONSTRAINT subject_request_customer
      FOREIGN KEY (customer_id) REFERENCES customers.customer (customer_id)`);
    await q.query(`
      ALTER TABLE customers.subject_request ADD CONSTRAINT subject_request_kind CHECK (
        kind IN ('ACCESS', 'COPY', 'CORRECTION', 'ERASURE', 'RESTRICTION', 'EXPLANATION', 'MANUAL_REVIEW'))`);
    // Whoever is refused is told why (PIPL 50).
    await q.query(`
      ALTER TABLE customers.subject_request ADD CONSTRAINT subject_request_status CHECK (
        CASE status WHEN 'open' THEN closed_at IS NULL
                    WHEN 'done' THEN closed_at IS NOT NULL
                    WHEN 'refused' THEN closed_at IS NOT NULL AND answer IS NOT NULL
                    ELSE false END)`);
    await q.query(`CREATE INDEX subject_request_id ON customers.subject_request (request_id)`);
    await q.query(`CREATE INDEX subject_request_due ON customers.subject_request (due_on) WHERE status = 'open'`);
    await grant(q, 'customers.subject_request', 'read-write');
    await protectCustomerRows(q, 'customers.subject_request');

    await q.query(`
      CREATE TABLE customers.subject_export (
        customer_id uuid NOT NULL,
        export_id uuid NOT NULL,
        request_id uuid NOT NULL,
        approval_id uuid NOT NULL,
        status text NOT NULL,
        asked_by text NOT NULL,
        asked_at timestamptz NOT NULL,
        lapses_at timestamptz NOT NULL,
        as_of timestamptz,
        expires_at timestamptz,
        chunks integer,
        size_bytes bigint,
        sha256 bytea,
        sections jsonb,
        downloads integer NOT NULL DEFAULT 0,
        PRIMARY KEY (customer_id, export_id)
      )`);
    await q.query(`
      ALTER TABLE customers.subject_export ADD CONSTRAINT subject_export_request
      FOREIGN KEY (customer_id, request_id) REFERENCES customers.subject_request (customer_id, request_id)`);
    await q.query(`
      ALTER TABLE customers.subject_export ADD CONSTRAINT subject_export_status CHECK (
        CASE status WHEN 'awaiting-approval' THEN as_of IS NULL
                    WHEN 'preparing' THEN as_of IS NULL
                    WHEN 'ready' THEN as_of IS NOT NULL AND expires_at IS NOT NULL AND chunks IS NOT NULL
                    ELSE status IN ('refused', 'withdrawn', 'expired') END)`);
    await q.query(`CREATE INDEX subject_export_id ON customers.subject_export (export_id)`);
    await q.query(`
      CREATE INDEX subject_export_to_do ON customers.subject_export (status, expires_at)
      WHERE status IN ('preparing', 'ready')`);
    await grant(q, 'customers.subject_export', 'read-write');
    await protectCustomerRows(q, 'customers.subject_export');

    await q.query(`
      CREATE TABLE customers.subject_export_chunk (
        customer_id uuid NOT NULL,
        export_id uuid NOT NULL,
        position integer NOT NULL,
        sealed bytea NOT NULL,
        PRIMARY KEY (customer_id, export_id, position)
      )`);
    await q.query(`
      ALTER TABLE customers.subject_export_chunk ADD CONSTRAINT subject_export_chunk_export
      FOREIGN KEY (customer_id, export_id) REFERENCES customers.subject_export (customer_id, export_id)`);
    await q.query(`ALTER TABLE customers.subject_export_chunk ALTER COLUMN sealed SET STORAGE EXTERNAL`);
    await grant(q, 'customers.subject_export_chunk', 'read-write');
    await protectCustomerRows(q, 'customers.subject_export_chunk');
  }

  async down(q: QueryRunner): Promise<void> {
    for (const table of ['subject_export_chunk', 'subject_export', 'subject_request']) {
      await q.query(`DROP TABLE customers.${table}`);
    }
  }
}
