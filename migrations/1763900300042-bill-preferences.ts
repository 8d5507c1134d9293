import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant, protectCustomerRows } from '../src/platform/database/migration-tools.js';

/** How somebody wants the bill (个性化帐单, USG-07). Who has said nothing has no row. */
export class BillPreferences1763900300042 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE usage.bill_preference (
        customer_id uuid PRIMARY KEY,
        layout text NOT NULL,
        channel text NOT NULL,
        language text NOT NULL,
        version int NOT NULL,
        changed_at timestamptz NOT NULL
      )`);
    await q.query(`
      ALTER TABLE usage.bill_preference ADD CONSTRAINT bill_preference_words CHECK (
        layout IN ('SUMMARY', 'BY_CATEGORY', 'DETAILED') AND channel IN ('SMS', 'EMAIL', 'APP', 'PAPER', 'NONE')
        AND language IN ('zh', 'en'))`);
    await grant(q, 'usage.bill_preference', 'read-write');
    await protectCustomerRows(q, 'usage.bill_preference');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP TABLE usage.bill_preference');
  }
}
