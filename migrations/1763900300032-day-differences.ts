import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE, grant } from '../src/platform/database/migration-tools.js';

/** What a source says that it sent on a day, and where that differs from what is stored (对账差异). */
export class DayDifferences1763900300032 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE usage.statement (
        statement_id uuid PRIMARY KEY,
        source text NOT NULL,
        kind text NOT NULL,
        business_date date NOT NULL,
        province text NOT NULL,
        records bigint NOT NULL,
        fee_fen bigint NOT NULL,
        minutes bigint NOT NULL,
        kb bigint NOT NULL,
        sent_at timestamptz NOT NULL,
        sent_by text NOT NULL
      )`);
    await q.query(`CREATE INDEX statement_day ON usage.statement (source, kind, business_date, province, sent_at)`);
    await grant(q, 'usage.statement', 'append-only');

    await q.query(`
      CREATE TABLE usage.day_difference (
        difference_id uuid PRIMARY KEY,
        source text NOT NULL,
        kind text NOT NULL,
        business_date date NOT NULL,
        province text NOT NULL,
        type text NOT NULL,
        measure text NOT NULL,
        record_id text NOT NULL DEFAULT '',
        version int NOT NULL DEFAULT 0,
        theirs bigint,
        ours bigint,
        state text NOT NULL DEFAULT 'OPEN',
        found_at timestamptz NOT NULL,
        owner text,
        comment text,
        resolution text,
        explained_by text,
        ended_at timestamptz
      )`);
    await q.query(
      `COMMENT ON COLUMN usage.day_difference.record_id IS 'empty: the difference is one of the sums of the day'`,
    );
    await q.query(`
      CREATE UNIQUE INDEX day_difference_once ON usage.day_difference
      (source, kind, business_date, province, measure, record_id, version)`);
    await q.query(`
      ALTER TABLE usage.day_difference ADD CONSTRAINT day_difference_type
      CHECK (type IN ('MISSING', 'EXTRA', 'AMOUNT', 'NO_STATEMENT'))`);
    await q.query(`
      ALTER TABLE usage.day_difference ADD CONSTRAINT day_difference_state
      CHECK (CASE state WHEN 'OPEN' THEN ended_at IS NULL
                        WHEN 'EXPLAINED' THEN owner IS NOT NULL AND resolution IS NOT NULL AND ended_at IS NULL
                        WHEN 'GONE' THEN ended_at IS NOT NULL ELSE false END)`);
    await q.query(`CREATE INDEX day_difference_owner ON usage.day_difference (owner) WHERE state <> 'GONE'`);
    await q.query(`GRANT SELECT, INSERT ON usage.day_difference TO ${APPLICATION_ROLE}`);
    await q.query(
      `GRANT UPDATE (type, theirs, ours, state, owner, comment, resolution, explained_by, ended_at, found_at) ON usage.day_difference
       TO ${APPLICATION_ROLE}`,
    );

    // Records are stored as they come, so those of a day lie together: a few pages of index find them among a month's.
    for (const table of ['usage_record', 'customer_bill', 'payment', 'arrears_record', 'subscription_record']) {
      await q.query(`
        CREATE INDEX ${table}_recorded ON usage.${table} USING brin (recorded_at)
        WITH (pages_per_range = 64, autosummarize = on)`);
    }
  }

  async down(q: QueryRunner): Promise<void> {
    for (const table of ['usage_record', 'customer_bill', 'payment', 'arrears_record', 'subscription_record']) {
      await q.query(`DROP INDEX usage.${table}_recorded`);
    }
    await q.query('DROP TABLE usage.day_difference');
    await q.query('DROP TABLE usage.statement');
  }
}
