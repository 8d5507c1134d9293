import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Of two who close the same month at once the second waits, and then sees that it is closed. */
export class TwoWhoCloseAMonth1764200903004 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(closeBooks(`EXECUTE format('LOCK TABLE points.%I IN ACCESS EXCLUSIVE MODE', partition);`));
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(closeBooks(''));
  }
}

const closeBooks = (before: string): string => `
  CREATE OR REPLACE FUNCTION points.close_books(month date) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog SET lock_timeout = '2s' AS $$
  DECLARE
    partition text := to_char(month, '"posting_"YYYYMM');
  BEGIN
    PERFORM platform.ensure_month_partition('points', 'posting', month);
    ${before}
    IF EXISTS (SELECT FROM pg_constraint
        WHERE conrelid = format('points.%I', partition)::regclass AND conname = 'books_are_closed') THEN
      RETURN;
    END IF;
    EXECUTE format('ALTER TABLE points.%I ADD CONSTRAINT books_are_closed CHECK (false) NOT VALID', partition);
  END $$`;
