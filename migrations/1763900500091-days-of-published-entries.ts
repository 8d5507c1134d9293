import type { MigrationInterface, QueryRunner } from 'typeorm';

/** With the business day, by which the entries of one run are found without reading those of all the others. */
export class DaysOfPublishedEntries1763900500091 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE OR REPLACE VIEW points.entry WITH (security_invoker = true) AS
      SELECT customer_id, journal_id, account_version, kind::text AS kind, points, available_after, occurred_at,
        metadata ->> 'cycle' AS cycle, reverses_journal_id, run_id, business_date
      FROM points.journal`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP VIEW points.entry');
    await q.query(`
      CREATE VIEW points.entry WITH (security_invoker = true) AS
      SELECT customer_id, journal_id, account_version, kind::text AS kind, points, available_after, occurred_at,
        metadata ->> 'cycle' AS cycle, reverses_journal_id, run_id
      FROM points.journal`);
    await q.query('GRANT SELECT ON points.entry TO guibin_app');
  }
}
