import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant } from '../src/platform/database/migration-tools.js';

/** Monthly facts of each customer, and what other modules may read of usage. */
export class UsageFacts1763700300002 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    // What the review of all levels reads comes first, what may be null last of it: a row is read up to the last column asked for.
    await q.query(`
      CREATE TABLE usage.customer_month (
        customer_id uuid NOT NULL,
        month date NOT NULL,
        two_way_suspensions int NOT NULL DEFAULT 0,
        one_way_suspensions int NOT NULL DEFAULT 0,
        bills int NOT NULL DEFAULT 0,
        net_spend_fen bigint NOT NULL DEFAULT 0,
        billed_package_fen bigint NOT NULL DEFAULT 0,
        subscribed_package_fen bigint,
        usage_fee_fen bigint NOT NULL DEFAULT 0,
        voice_mo_sec bigint NOT NULL DEFAULT 0,
        voice_mt_sec bigint NOT NULL DEFAULT 0,
        data_kb bigint NOT NULL DEFAULT 0,
        roam_kb bigint NOT NULL DEFAULT 0,
        spend_fen bigint NOT NULL DEFAULT 0,
        arrears_fen bigint NOT NULL DEFAULT 0,
        paid_fen bigint NOT NULL DEFAULT 0,
        paid_by_others_fen bigint NOT NULL DEFAULT 0,
        subscribed_as_of timestamptz,
        calls int NOT NULL DEFAULT 0,
        sms int NOT NULL DEFAULT 0,
        offnet_calls int NOT NULL DEFAULT 0,
        forwarded_calls int NOT NULL DEFAULT 0,
        rival_hotline_calls int NOT NULL DEFAULT 0,
        mnp_queries int NOT NULL DEFAULT 0,
        mnp_codes int NOT NULL DEFAULT 0,
        bill_detail_queries int NOT NULL DEFAULT 0,
        roam_day_mask int NOT NULL DEFAULT 0,
        tariff_code text,
        PRIMARY KEY (customer_id, month)
      ) WITH (fillfactor = 80)`);
    await q.query(
      `COMMENT ON COLUMN usage.customer_month.roam_day_mask IS 'bit d-1 is set when the customer roamed on day d'`,
    );
    await grant(q, 'usage.customer_month', 'read-write');

    // The package of a month is what was billed for it; a month without a bill has what the subscription says.
    await q.query(`
      CREATE VIEW usage.month_fact AS
      SELECT customer_id, month, spend_fen, net_spend_fen, paid_by_others_fen, paid_fen, arrears_fen,
        voice_mo_sec, voice_mt_sec, calls, sms, data_kb, roam_kb, bit_count(roam_day_mask::bit(32))::int AS roam_days,
        offnet_calls, forwarded_calls, rival_hotline_calls, mnp_queries, mnp_codes,
        two_way_suspensions, one_way_suspensions, bill_detail_queries,
        CASE WHEN bills > 0 THEN billed_package_fen ELSE subscribed_package_fen END AS package_fee_fen, tariff_code
      FROM usage.customer_month`);
    await grant(q, 'usage.month_fact', 'read-only');
    await q.query(`
      CREATE VIEW usage.bill AS
      SELECT customer_id, source, bill_no, version, cycle, payable_fen, net_spend_fen, paid_fen, arrears_fen, due_on,
        issued_at, is_current
      FROM usage.customer_bill`);
    await grant(q, 'usage.bill', 'read-only');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP VIEW usage.bill');
    await q.query('DROP VIEW usage.month_fact');
    await q.query('DROP TABLE usage.customer_month');
  }
}
