import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE, grant } from '../src/platform/database/migration-tools.js';

/**
 * The house side of the ledger is only codes on postings, so that no row of it is fought over. Its sums stand here, made from the postings
 * afterwards, month by month.
 */
export class HouseSideRolledUp1764200700001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    // What has no lot, no funder or no province says NONE, so that all of it is part of the key.
    await q.query(`
      CREATE TABLE points.gl_day (
        business_date date NOT NULL,
        debit points.account_code NOT NULL,
        credit points.account_code NOT NULL,
        points_type text NOT NULL,
        funder_id text NOT NULL,
        region text NOT NULL,
        points bigint NOT NULL CHECK (points > 0),
        value_fen bigint NOT NULL CHECK (value_fen = points * 2),
        postings bigint NOT NULL CHECK (postings > 0),
        PRIMARY KEY (business_date, debit, credit, points_type, funder_id, region)
      )`);
    // What came into the hands of customers less what left them, by the day on which the lots expire: the cohorts of the liability.
    await q.query(`
      CREATE TABLE points.gl_lot (
        month date NOT NULL,
        expires_on date NOT NULL,
        points_type text NOT NULL,
        funder_id text NOT NULL,
        region text NOT NULL,
        moved bigint NOT NULL,
        expired bigint NOT NULL,
        PRIMARY KEY (month, expires_on, points_type, funder_id, region)
      )`);
    // The ledger is only added to: a month that has as many postings as were rolled up has been rolled up. That number is the watermark.
    await q.query(`
      CREATE TABLE points.gl_month (
        month date PRIMARY KEY CHECK (month = date_trunc('month', month)),
        postings bigint NOT NULL DEFAULT 0,
        rolled_at timestamptz,
        closed_at timestamptz,
        closed_by text,
        is_final boolean NOT NULL DEFAULT false,
        CHECK ((closed_at IS NULL) = (closed_by IS NULL)),
        CHECK (NOT is_final OR closed_at IS NOT NULL)
      )`);
    for (const table of ['gl_day', 'gl_lot', 'gl_month']) await grant(q, `points.${table}`, 'read-write');

    // A CHECK that nothing passes, on the partition of that month alone: no posting of another month has anything more to do. It waits for
    // what is being posted, not for long: whoever posts stands behind it meanwhile. Only the owner of a table can do this.
    await q.query(`
      CREATE FUNCTION points.close_books(month date) RETURNS void
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog SET lock_timeout = '2s' AS $$
      DECLARE
        partition text := to_char(month, '"posting_"YYYYMM');
      BEGIN
        PERFORM platform.ensure_month_partition('points', 'posting', month);
        IF EXISTS (SELECT FROM pg_constraint
            WHERE conrelid = format('points.%I', partition)::regclass AND conname = 'books_are_closed') THEN
          RETURN;
        END IF;
        EXECUTE format('ALTER TABLE points.%I ADD CONSTRAINT books_are_closed CHECK (false) NOT VALID', partition);
      END $$`);
    await q.query('REVOKE ALL ON FUNCTION points.close_books(date) FROM PUBLIC');
    await q.query(`GRANT EXECUTE ON FUNCTION points.close_books(date) TO ${APPLICATION_ROLE}`);

    // Shares in basis points by class: of what expires within 12 months, within 24, … . A class that is not named loses nothing: no source
    // gives a figure, and nothing is the careful one.
    await q.query(`
      CREATE TABLE points.breakage_rate_set (
        version integer PRIMARY KEY,
        effective_from date NOT NULL,
        rates jsonb NOT NULL,
        author text NOT NULL,
        reason text NOT NULL,
        created_at timestamptz NOT NULL
      )`);
    await grant(q, 'points.breakage_rate_set', 'append-only');
    await q.query(
      `INSERT INTO points.breakage_rate_set (version, effective_from, rates, author, reason, created_at)
       VALUES (1, '2021-05-01', '{}', 'shipped', 'Nothing is expected to expire unused until history says otherwise', '2021-05-01')`,
    );

    await q.query(`
      CREATE TABLE points.guard (
        guard text PRIMARY KEY CHECK (guard IN ('RETURN', 'COST')),
        soft_bp integer NOT NULL,
        hard_bp integer NOT NULL,
        CHECK (0 < soft_bp AND soft_bp <= hard_bp)
      )`);
    await grant(q, 'points.guard', 'read-only');
    await q.query(`INSERT INTO points.guard (guard, soft_bp, hard_bp) VALUES ('RETURN', 180, 200), ('COST', 210, 230)`);
    await q.query(`
      CREATE TABLE points.guard_reading (
        points_year integer NOT NULL,
        guard text NOT NULL REFERENCES points.guard,
        read_on date NOT NULL,
        points bigint NOT NULL,
        revenue_fen bigint NOT NULL,
        rate_bp integer,
        forecast_bp integer,
        level text NOT NULL CHECK (level IN ('NONE', 'SOFT', 'HARD')),
        read_at timestamptz NOT NULL,
        PRIMARY KEY (points_year, guard, read_on)
      )`);
    await grant(q, 'points.guard_reading', 'read-write');
    // An alarm is raised once.
    await q.query(`
      CREATE TABLE points.money_alarm (
        subject text NOT NULL,
        points_year integer NOT NULL,
        level text NOT NULL CHECK (level IN ('SOFT', 'HARD', 'FORECAST')),
        raised_at timestamptz NOT NULL,
        figures jsonb NOT NULL,
        PRIMARY KEY (subject, points_year, level)
      )`);
    await grant(q, 'points.money_alarm', 'append-only');
  }

  async down(q: QueryRunner): Promise<void> {
    for (const table of ['money_alarm', 'guard_reading', 'guard', 'breakage_rate_set']) {
      await q.query(`DROP TABLE points.${table}`);
    }
    await q.query('DROP FUNCTION points.close_books(date)');
    for (const table of ['gl_month', 'gl_lot', 'gl_day']) await q.query(`DROP TABLE points.${table}`);
  }
}
