import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE } from '../src/platform/database/migration-tools.js';

/** Files are closed in the order of their sequence: those after a gap are loaded, and closed when the gap is filled. */
export class FileSequence1763900300022 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`ALTER TABLE usage.intake_file ADD COLUMN lane text NOT NULL DEFAULT 'normal'`);
    await q.query(`ALTER TABLE usage.intake_file ADD COLUMN closed_at timestamptz`);
    await q.query(`
      ALTER TABLE usage.intake_file ADD CONSTRAINT intake_file_lane CHECK (lane IN ('normal', 'backfill'))`);
    await q.query(`
      CREATE INDEX intake_file_open ON usage.intake_file (source, kind, sequence)
      WHERE state <> 'BAD' AND closed_at IS NULL`);
    await q.query(`
      CREATE INDEX intake_file_day ON usage.intake_file (source, kind, business_date) WHERE state <> 'BAD'`);
    // The files so far were taken in without a look at their order.
    await q.query(`UPDATE usage.intake_file SET closed_at = finished_at WHERE state <> 'BAD'`);
    await q.query(`
      INSERT INTO usage.source (source, registered_at)
      SELECT source, min(received_at) FROM usage.intake_file WHERE state <> 'BAD' GROUP BY source`);
    await q.query(`
      INSERT INTO usage.source_feed (source, kind, encoding, expected_daily, deadline_days, last_sequence, closed_sequence,
        missing_batches, last_business_date, last_success_at)
      SELECT source, kind, 'UTF-8', false, 0, max(sequence), max(sequence), '{}', max(business_date), max(finished_at)
      FROM usage.intake_file WHERE state <> 'BAD' GROUP BY source, kind`);
    await q.query(`GRANT UPDATE (closed_at) ON usage.intake_file TO ${APPLICATION_ROLE}`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`REVOKE UPDATE (closed_at) ON usage.intake_file FROM ${APPLICATION_ROLE}`);
    await q.query('DROP INDEX usage.intake_file_day');
    await q.query('DROP INDEX usage.intake_file_open');
    await q.query('ALTER TABLE usage.intake_file DROP COLUMN closed_at');
    await q.query('ALTER TABLE usage.intake_file DROP COLUMN lane');
    await q.query('DELETE FROM usage.source_feed');
    await q.query('DELETE FROM usage.source');
  }
}
