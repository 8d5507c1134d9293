import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant } from '../src/platform/database/migration-tools.js';

const AMOUNTS = [
  ['point_account', 'available, held, pending, debt, lifetime_earned'],
  ['point_bucket', 'remaining, held'],
  ['journal', 'available_after'],
] as const;

/**
 * That no amount is negative becomes a matter of its type. The server reads the text of every CHECK again for each statement, which was
 * an eighth of the price of a single operation; what a type demands it keeps ready.
 */
export class AmountsOfPoints1764200900001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query('CREATE DOMAIN points.amount AS bigint CONSTRAINT amount_not_negative CHECK (VALUE >= 0)');
    await q.query('CREATE DOMAIN points.amount_moved AS bigint CONSTRAINT amount_moved_positive CHECK (VALUE > 0)');
    await q.query(
      `CREATE DOMAIN points.account_status AS text CONSTRAINT account_status_known CHECK (VALUE IN ('ACTIVE', 'CLOSED'))`,
    );
    await withoutViews(q, async () => {
      for (const [table, columns] of AMOUNTS) await retype(q, table, columns, 'points.amount');
      await retype(q, 'point_account', 'status', 'points.account_status');
      await retype(q, 'posting', 'points', 'points.amount_moved');
    });
    await q.query(`
      ALTER TABLE points.point_account DROP CONSTRAINT point_account_not_negative,
        DROP CONSTRAINT point_account_earned_not_negative, DROP CONSTRAINT point_account_status`);
    await q.query('ALTER TABLE points.point_bucket DROP CONSTRAINT point_bucket_not_negative');
    await q.query('ALTER TABLE points.journal DROP CONSTRAINT journal_not_negative');
    await q.query(`
      ALTER TABLE points.posting DROP CONSTRAINT posting_positive, DROP CONSTRAINT posting_two_sides,
        DROP CONSTRAINT posting_value, DROP CONSTRAINT posting_lot,
        ADD CONSTRAINT posting_moves CHECK (
          debit <> credit AND value_fen = points * 2
          AND (expires_on IS NULL) = (points_type IS NULL) AND (expires_on IS NULL) = (funder_id IS NULL)
          AND (expires_on IS NOT NULL OR NOT (debit IN ('CUST_AVAILABLE', 'CUST_HELD') OR credit IN ('CUST_AVAILABLE', 'CUST_HELD'))))`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      ALTER TABLE points.posting DROP CONSTRAINT posting_moves,
        ADD CONSTRAINT posting_positive CHECK (points > 0), ADD CONSTRAINT posting_two_sides CHECK (debit <> credit),
        ADD CONSTRAINT posting_value CHECK (value_fen = points * 2), ADD CONSTRAINT posting_lot CHECK (
          num_nulls(expires_on, points_type, funder_id) IN (0, 3)
          AND (expires_on IS NOT NULL OR NOT (debit IN ('CUST_AVAILABLE', 'CUST_HELD') OR credit IN ('CUST_AVAILABLE', 'CUST_HELD'))))`);
    await q.query(
      'ALTER TABLE points.journal ADD CONSTRAINT journal_not_negative CHECK (available_after >= 0 AND account_version > 0)',
    );
    await q.query(
      'ALTER TABLE points.point_bucket ADD CONSTRAINT point_bucket_not_negative CHECK (remaining >= 0 AND held >= 0)',
    );
    await q.query(`
      ALTER TABLE points.point_account
        ADD CONSTRAINT point_account_not_negative CHECK (available >= 0 AND held >= 0 AND pending >= 0 AND debt >= 0),
        ADD CONSTRAINT point_account_earned_not_negative CHECK (lifetime_earned >= 0),
        ADD CONSTRAINT point_account_status CHECK (status IN ('ACTIVE', 'CLOSED'))`);
    await withoutViews(q, async () => {
      for (const [table, columns] of AMOUNTS) await retype(q, table, columns, 'bigint');
      await retype(q, 'point_account', 'status', 'text');
      await retype(q, 'posting', 'points', 'bigint');
    });
    for (const domain of ['account_status', 'amount_moved', 'amount']) await q.query(`DROP DOMAIN points.${domain}`);
  }
}

async function retype(q: QueryRunner, table: string, columns: string, type: string): Promise<void> {
  const changes = columns.split(', ').map((column) => `ALTER ${column} TYPE ${type}`);
  await q.query(`ALTER TABLE points.${table} ${changes.join(', ')}`);
}

async function withoutViews(q: QueryRunner, work: () => Promise<void>): Promise<void> {
  for (const view of ['balance', 'entry']) await q.query(`DROP VIEW points.${view}`);
  await work();
  await q.query(`
    CREATE VIEW points.balance WITH (security_invoker = true) AS
    SELECT customer_id, available, held, pending, debt FROM points.point_account`);
  await q.query(`
    CREATE VIEW points.entry WITH (security_invoker = true) AS
    SELECT customer_id, journal_id, account_version, kind::text AS kind, points, available_after, occurred_at,
      metadata ->> 'cycle' AS cycle, reverses_journal_id, run_id, business_date
    FROM points.journal`);
  for (const view of ['balance', 'entry']) await grant(q, `points.${view}`, 'read-only');
}
