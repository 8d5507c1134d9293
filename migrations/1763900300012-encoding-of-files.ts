import type { MigrationInterface, QueryRunner } from 'typeorm';

/** As what a file was read: what is agreed with its source may change later. */
export class EncodingOfFiles1763900300012 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`ALTER TABLE usage.intake_file ADD COLUMN encoding text NOT NULL DEFAULT 'UTF-8'`);
    await q.query(`
      ALTER TABLE usage.intake_file ADD CONSTRAINT intake_file_encoding CHECK (encoding IN ('UTF-8', 'GBK'))`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('ALTER TABLE usage.intake_file DROP COLUMN encoding');
  }
}
