import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE, grant } from '../src/platform/database/migration-tools.js';

/**
 * On which business day of its source an intake counts, what both sides say of that day (对账单), and what is closed (关账). The
 * figures of a day stay when the records themselves are long gone (USG-11).
 */
export class SourceDays1763900300030 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE usage.intake (
        intake_id uuid PRIMARY KEY,
        source text NOT NULL,
        kind text NOT NULL,
        province text NOT NULL,
        business_date date NOT NULL,
        received_at timestamptz NOT NULL,
        signed_records bigint,
        signed_fee_fen bigint,
        signed_minutes bigint,
        signed_kb bigint
      )`);
    await q.query(
      `COMMENT ON COLUMN usage.intake.signed_records IS 'what the trailer of the file says; null: it came without one'`,
    );
    await q.query(`CREATE INDEX intake_day ON usage.intake (business_date, source, kind, province)`);
    await q.query(`GRANT SELECT, INSERT ON usage.intake TO ${APPLICATION_ROLE}`);
    await q.query(
      `GRANT UPDATE (signed_records, signed_fee_fen, signed_minutes, signed_kb) ON usage.intake TO ${APPLICATION_ROLE}`,
    );
    // What came in before days were kept counts on the day that its file names.
    await q.query(`
      INSERT INTO usage.intake (intake_id, source, kind, province, business_date, received_at)
      SELECT file_id, source, kind, province, business_date, received_at FROM usage.intake_file WHERE state <> 'BAD'`);

    await q.query(`
      CREATE TABLE usage.source_day (
        source text NOT NULL,
        kind text NOT NULL,
        business_date date NOT NULL,
        province text NOT NULL,
        state text NOT NULL DEFAULT 'OPEN',
        theirs_from text,
        theirs_records bigint,
        theirs_fee_fen bigint,
        theirs_minutes bigint,
        theirs_kb bigint,
        ours_records bigint NOT NULL DEFAULT 0,
        ours_fee_fen bigint NOT NULL DEFAULT 0,
        ours_minutes bigint NOT NULL DEFAULT 0,
        ours_kb bigint NOT NULL DEFAULT 0,
        duplicates bigint NOT NULL DEFAULT 0,
        rejected bigint NOT NULL DEFAULT 0,
        held bigint NOT NULL DEFAULT 0,
        open_differences int NOT NULL DEFAULT 0,
        compared_at timestamptz,
        closed_at timestamptz,
        closed_by text,
        closing_reason text,
        PRIMARY KEY (source, kind, business_date, province)
      )`);
    await q.query(`
      ALTER TABLE usage.source_day ADD CONSTRAINT source_day_state
      CHECK (state IN ('OPEN', 'CLOSED', 'SIGNED_OFF') AND (state = 'OPEN') = (closed_at IS NULL))`);
    await q.query(`
      ALTER TABLE usage.source_day ADD CONSTRAINT source_day_closed_even
      CHECK (state <> 'CLOSED' OR open_differences = 0)`);
    await q.query(`CREATE INDEX source_day_open ON usage.source_day (business_date) WHERE state = 'OPEN'`);
    await q.query(`GRANT SELECT, INSERT, UPDATE ON usage.source_day TO ${APPLICATION_ROLE}`);

    // Nothing reopens a month: what comes later is a difference to it.
    await q.query(`
      CREATE TABLE usage.closed_month (
        month date PRIMARY KEY,
        closed_at timestamptz NOT NULL,
        closed_by text NOT NULL,
        figures jsonb NOT NULL DEFAULT '{}'
      )`);
    await q.query(`
      ALTER TABLE usage.closed_month ADD CONSTRAINT closed_month_first_day CHECK (month = date_trunc('month', month))`);
    await grant(q, 'usage.closed_month', 'append-only');
  }

  async down(q: QueryRunner): Promise<void> {
    for (const table of ['closed_month', 'source_day', 'intake']) await q.query(`DROP TABLE usage.${table}`);
  }
}
