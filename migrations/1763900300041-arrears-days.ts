import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE, grant, protectCustomerRows } from '../src/platform/database/migration-tools.js';

/** What was owed on each day (欠费日快照, USG-05), by how long it has been overdue (账龄, ANA-08). */
export class ArrearsDays1763900300041 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE usage.arrears_day (
        customer_id uuid NOT NULL,
        as_of date NOT NULL,
        not_due_fen bigint NOT NULL,
        overdue_0_30_fen bigint NOT NULL,
        overdue_31_60_fen bigint NOT NULL,
        overdue_61_90_fen bigint NOT NULL,
        overdue_over_90_fen bigint NOT NULL,
        overdue_fen bigint NOT NULL,
        written_off_fen bigint NOT NULL,
        open_bills int NOT NULL,
        oldest_due_on date,
        PRIMARY KEY (customer_id, as_of)
      )`);
    await q.query(`CREATE INDEX arrears_day_of ON usage.arrears_day (as_of)`);
    await grant(q, 'usage.arrears_day', 'read-write');
    await protectCustomerRows(q, 'usage.arrears_day');

    // A day without a row here is not complete. Nobody is named, so it stays when the days of customers go.
    await q.query(`
      CREATE TABLE usage.arrears_total (
        as_of date NOT NULL,
        region text NOT NULL,
        brand text NOT NULL,
        customers int NOT NULL,
        owing_customers int NOT NULL,
        not_due_fen bigint NOT NULL,
        overdue_0_30_fen bigint NOT NULL,
        overdue_31_60_fen bigint NOT NULL,
        overdue_61_90_fen bigint NOT NULL,
        overdue_over_90_fen bigint NOT NULL,
        overdue_fen bigint NOT NULL,
        earlier_overdue_fen bigint NOT NULL,
        recovered_fen bigint NOT NULL,
        PRIMARY KEY (as_of, region, brand)
      )`);
    await q.query(
      `COMMENT ON COLUMN usage.arrears_total.recovered_fen IS 'what was paid since of earlier_overdue_fen, which was overdue 30 days before'`,
    );
    await q.query(`GRANT SELECT, INSERT, DELETE ON usage.arrears_total TO ${APPLICATION_ROLE}`);

    await q.query(`
      CREATE VIEW usage.arrears_ageing WITH (security_invoker = true) AS
      SELECT customer_id, as_of, not_due_fen, overdue_0_30_fen, overdue_31_60_fen, overdue_61_90_fen, overdue_over_90_fen,
        overdue_fen, open_bills, oldest_due_on
      FROM usage.arrears_day WHERE open_bills > 0 AND as_of = (SELECT max(as_of) FROM usage.arrears_total)`);
    await grant(q, 'usage.arrears_ageing', 'read-only');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP VIEW usage.arrears_ageing');
    for (const table of ['arrears_total', 'arrears_day']) await q.query(`DROP TABLE usage.${table}`);
  }
}
