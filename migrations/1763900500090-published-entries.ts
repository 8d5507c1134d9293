import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant } from '../src/platform/database/migration-tools.js';

/** The entries of the points ledger, for the modules after it. */
export class PublishedEntries1763900500090 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE VIEW points.entry WITH (security_invoker = true) AS
      SELECT customer_id, journal_id, account_version, kind::text AS kind, points, available_after, occurred_at,
        metadata ->> 'cycle' AS cycle, reverses_journal_id, run_id
      FROM points.journal`);
    await grant(q, 'points.entry', 'read-only');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP VIEW points.entry');
  }
}
