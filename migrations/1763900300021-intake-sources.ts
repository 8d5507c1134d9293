import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant } from '../src/platform/database/migration-tools.js';

/** Who sends (源登记, USG-01), and how far each of its feeds has come (USG-10). */
export class IntakeSources1763900300021 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE usage.source (
        source text PRIMARY KEY,
        name text,
        files_at_once int,
        records_per_minute int,
        registered_at timestamptz NOT NULL
      )`);
    await grant(q, 'usage.source', 'read-write');
    await q.query(`
      CREATE TABLE usage.source_feed (
        source text NOT NULL,
        kind text NOT NULL,
        encoding text NOT NULL,
        expected_daily boolean NOT NULL,
        expected_since date,
        deadline time,
        deadline_days int NOT NULL,
        last_sequence int NOT NULL,
        closed_sequence int NOT NULL,
        last_batch bigint,
        missing_batches int8multirange NOT NULL,
        missing_since timestamptz,
        last_business_date date,
        last_success_at timestamptz,
        PRIMARY KEY (source, kind)
      )`);
    await q.query(`
      ALTER TABLE usage.source_feed ADD CONSTRAINT source_feed_source FOREIGN KEY (source) REFERENCES usage.source`);
    await q.query(`
      ALTER TABLE usage.source_feed ADD CONSTRAINT source_feed_encoding CHECK (encoding IN ('UTF-8', 'GBK'))`);
    await q.query(`
      ALTER TABLE usage.source_feed ADD CONSTRAINT source_feed_expected
      CHECK (NOT expected_daily OR (deadline IS NOT NULL AND expected_since IS NOT NULL))`);
    await grant(q, 'usage.source_feed', 'read-write');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP TABLE usage.source_feed');
    await q.query('DROP TABLE usage.source');
  }
}
