import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant, protectCustomerRows } from '../src/platform/database/migration-tools.js';

/**
 * Requests for the itemised list of a month (收费清单; Telecommunications Regulations art. 33: free of charge). The list itself is
 * read from the usage whenever it is fetched: there is no second copy to protect, to correct or to forget.
 */
export class ItemisedLists1763900300043 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE usage.itemised_list (
        customer_id uuid NOT NULL,
        list_id uuid NOT NULL,
        month date NOT NULL,
        format text NOT NULL,
        fee_fen bigint NOT NULL DEFAULT 0,
        asked_by text NOT NULL,
        asked_by_kind text NOT NULL,
        asked_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        downloads int NOT NULL DEFAULT 0,
        PRIMARY KEY (customer_id, list_id)
      )`);
    await q.query(`ALTER TABLE usage.itemised_list ADD CONSTRAINT itemised_list_is_free CHECK (fee_fen = 0)`);
    await q.query(
      `ALTER TABLE usage.itemised_list ADD CONSTRAINT itemised_list_format CHECK (format IN ('CSV', 'NDJSON'))`,
    );
    await q.query(`CREATE INDEX itemised_list_id ON usage.itemised_list (list_id)`);
    await q.query(`CREATE INDEX itemised_list_asked ON usage.itemised_list (asked_at)`);
    await grant(q, 'usage.itemised_list', 'read-write');
    await protectCustomerRows(q, 'usage.itemised_list');
    await q.query(`
      INSERT INTO customers.retention_class (code, what, kept_from, term, action, basis) VALUES
        ('usage.itemised-list', 'Requests for itemised lists', 'the request', '13 months', 'DELETE',
         'Telecommunications Regulations art. 33: proof that the list was given, free; PIPL art. 19')`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`DELETE FROM customers.retention_class WHERE code = 'usage.itemised-list'`);
    await q.query('DROP TABLE usage.itemised_list');
  }
}
