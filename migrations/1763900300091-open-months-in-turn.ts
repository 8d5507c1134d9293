import type { MigrationInterface, QueryRunner } from 'typeorm';

const openMonth = (body: string): string => `
  CREATE OR REPLACE FUNCTION usage.open_month(month date) RETURNS void
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
  BEGIN
    ${body}
    PERFORM platform.ensure_month_partition('usage', 'usage_record', month);
    EXECUTE format('GRANT INSERT ON usage.%I TO guibin_intake', to_char(month, '"usage_record_"YYYYMM'));
  END $$`;

/** Of two that grant a right on one table at the same time PostgreSQL refuses one ("tuple concurrently updated"). */
export class OpenMonthsInTurn1763900300091 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(
      openMonth(`PERFORM pg_advisory_xact_lock(hashtext('usage.open_month'), hashtext(to_char(month, 'YYYYMM')));`),
    );
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(openMonth(''));
  }
}
