import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE, protectCustomerRows } from '../src/platform/database/migration-tools.js';

/**
 * Bills out of all proportion (巨额话费; Telecommunications Regulations art. 33), and whether their customers were told. The key is the
 * bill whatever its version: a corrected one that is still huge is no news.
 */
export class HugeBills1763900300044 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE usage.huge_bill (
        customer_id uuid NOT NULL,
        source text NOT NULL,
        first_bill_no text NOT NULL,
        bill_no text NOT NULL,
        cycle date NOT NULL,
        payable_fen bigint NOT NULL,
        earlier_fen bigint NOT NULL,
        earlier_months int NOT NULL,
        found_at timestamptz NOT NULL,
        notice text NOT NULL,
        attempts int NOT NULL DEFAULT 0,
        next_try_at timestamptz NOT NULL,
        told_at timestamptz,
        PRIMARY KEY (customer_id, source, first_bill_no)
      )`);
    await q.query(`
      ALTER TABLE usage.huge_bill ADD CONSTRAINT huge_bill_notice
      CHECK (notice IN ('DUE', 'SENT', 'SILENT', 'UNREACHABLE', 'GIVEN_UP') AND (notice = 'SENT') = (told_at IS NOT NULL))`);
    await q.query(`CREATE INDEX huge_bill_due ON usage.huge_bill (next_try_at) WHERE notice = 'DUE'`);
    await q.query(`GRANT SELECT, INSERT, UPDATE ON usage.huge_bill TO ${APPLICATION_ROLE}`);
    await protectCustomerRows(q, 'usage.huge_bill');
    // Which bills an intake has brought; one value a file, so its entries are few and lie together.
    await q.query(`CREATE INDEX customer_bill_file ON usage.customer_bill (file_id)`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP INDEX usage.customer_bill_file');
    await q.query('DROP TABLE usage.huge_bill');
  }
}
