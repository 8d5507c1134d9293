import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  APPLICATION_ROLE,
  grant,
  protectCustomerRows,
  unprotectRows,
} from '../src/platform/database/migration-tools.js';

/** What billing says was open on a day (欠费快照); `status` counts in src/modules/usage/domain/codes.ts. */
export class Arrears1763900300010 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE usage.arrears_record (
        customer_id uuid NOT NULL,
        source text NOT NULL,
        record_id text NOT NULL,
        version smallint NOT NULL,
        file_id uuid NOT NULL,
        content_hash bigint NOT NULL,
        snapshot_on date NOT NULL,
        month date NOT NULL,
        bill_no text,
        cycle date NOT NULL,
        due_on date NOT NULL,
        arrears_fen bigint NOT NULL,
        late_fee_fen bigint NOT NULL,
        status smallint NOT NULL,
        operation smallint NOT NULL,
        ref_record_id text,
        is_current boolean NOT NULL,
        recorded_at timestamptz NOT NULL,
        PRIMARY KEY (customer_id, source, record_id, version)
      )`);
    await q.query(`COMMENT ON COLUMN usage.arrears_record.late_fee_fen IS '违约金, not part of arrears_fen'`);
    await grant(q, 'usage.arrears_record', 'append-only');
    await q.query(`GRANT UPDATE ON usage.arrears_record TO ${APPLICATION_ROLE}`);
    await protectCustomerRows(q, 'usage.arrears_record');
  }

  async down(q: QueryRunner): Promise<void> {
    await unprotectRows(q, 'usage.arrears_record');
    await q.query('DROP TABLE usage.arrears_record');
  }
}
