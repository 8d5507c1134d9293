import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant } from '../src/platform/database/migration-tools.js';

/**
 * What the proof of the ledger reads at the speed of the database: a constraint that holds for every row proves it of all of them, and
 * what a proof must look at one by one is found by an index.
 */
export class ProofsOfPoints1764200800001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(
      `ALTER TABLE points.journal ADD CONSTRAINT journal_not_negative CHECK (available_after >= 0 AND account_version > 0)`,
    );
    await q.query(
      `ALTER TABLE points.point_account ADD CONSTRAINT point_account_earned_not_negative CHECK (lifetime_earned >= 0)`,
    );
    // All but what is earned and used at once.
    await q.query(`
      CREATE INDEX posting_beside ON points.posting (customer_id, journal_id)
      WHERE NOT ((debit = 'ISSUED' AND credit = 'CUST_AVAILABLE') OR (debit = 'CUST_AVAILABLE' AND credit IN
        ('ISSUED', 'REDEEMED_SERVICE', 'REDEEMED_MOBILE_PRODUCT', 'REDEEMED_GOODS', 'REDEEMED_PAYMENT')))`);
    await q.query(`
      CREATE INDEX journal_turn ON points.journal (customer_id, account_version) WHERE kind IN ('CLOSURE', 'REOPENING')`);
    // Entries are stored in the order in which they are recorded, so this is tiny.
    await q.query(
      `CREATE INDEX journal_recorded ON points.journal USING brin (recorded_at) WITH (pages_per_range = 32)`,
    );

    await q.query(`
      CREATE TABLE points.proof (
        proof_id uuid PRIMARY KEY,
        as_of timestamptz NOT NULL,
        since timestamptz,
        ok boolean NOT NULL,
        result jsonb NOT NULL
      )`);
    await q.query('CREATE INDEX proof_newest ON points.proof (as_of)');
    await grant(q, 'points.proof', 'append-only');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP TABLE points.proof');
    for (const index of ['journal_recorded', 'journal_turn', 'posting_beside'])
      await q.query(`DROP INDEX points.${index}`);
    await q.query('ALTER TABLE points.point_account DROP CONSTRAINT point_account_earned_not_negative');
    await q.query('ALTER TABLE points.journal DROP CONSTRAINT journal_not_negative');
  }
}
