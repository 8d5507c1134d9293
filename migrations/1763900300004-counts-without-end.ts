import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant } from '../src/platform/database/migration-tools.js';

/** Counts of a month as wide as its sums: no number of records, each of up to a million events, may stop an intake. */
export class CountsWithoutEnd1763900300004 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await retype(q, 'bigint');
  }

  async down(q: QueryRunner): Promise<void> {
    await retype(q, 'int');
  }
}

const COUNTS = [
  'calls', 'sms', 'offnet_calls', 'forwarded_calls', 'rival_hotline_calls', 'mnp_queries', 'mnp_codes', 'bill_detail_queries',
]; // prettier-ignore

async function retype(q: QueryRunner, type: 'bigint' | 'int'): Promise<void> {
  await q.query('DROP VIEW usage.month_fact');
  await q.query(
    `ALTER TABLE usage.customer_month ${COUNTS.map((count) => `ALTER COLUMN ${count} TYPE ${type}`).join(', ')}`,
  );
  await q.query(`
    CREATE VIEW usage.month_fact WITH (security_invoker = true) AS
    SELECT customer_id, month, spend_fen, net_spend_fen, paid_by_others_fen, paid_fen, arrears_fen,
      voice_mo_sec, voice_mt_sec, calls, sms, data_kb, roam_kb, bit_count(roam_day_mask::bit(32))::int AS roam_days,
      offnet_calls, forwarded_calls, rival_hotline_calls, mnp_queries, mnp_codes,
      two_way_suspensions, one_way_suspensions, bill_detail_queries,
      CASE WHEN bills > 0 THEN billed_package_fen ELSE subscribed_package_fen END AS package_fee_fen, tariff_code
    FROM usage.customer_month`);
  await grant(q, 'usage.month_fact', 'read-only');
}
