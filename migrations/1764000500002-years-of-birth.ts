import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant } from '../src/platform/database/migration-tools.js';

/**
 * The age of customers for segments (动感地带目标客群): the year alone stands open, the birthday stays sealed. Whoever is erased gets
 * a nameless party without one.
 */
export class YearsOfBirth1764000500002 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query('ALTER TABLE customers.party ADD COLUMN birth_year smallint');
    await q.query(`
      CREATE VIEW customers.birth_year WITH (security_invoker = true) AS
      SELECT c.customer_id, p.birth_year::int AS birth_year
      FROM customers.customer c JOIN customers.party p ON p.party_id = c.party_id WHERE p.birth_year IS NOT NULL`);
    await grant(q, 'customers.birth_year', 'read-only');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP VIEW customers.birth_year');
    await q.query('ALTER TABLE customers.party DROP COLUMN birth_year');
  }
}
