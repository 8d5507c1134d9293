import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createSchema, grant } from '../src/platform/database/migration-tools.js';

/**
 * What BOSS says: usage, bills, payments, subscription snapshots. Every version of a record stays; the current one of its
 * lineage counts. The figures of `smallint` codes are those of src/modules/usage/domain/codes.ts.
 */
export class UsageRecords1763700300001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createSchema(q, 'usage');
    // Fixed-width columns first and 8-byte ones together: a row has no padding, and a million rows a day are many.
    await q.query(`
      CREATE TABLE usage.usage_record (
        customer_id uuid NOT NULL,
        file_id uuid NOT NULL,
        event_time timestamptz NOT NULL,
        recorded_at timestamptz NOT NULL,
        content_hash bigint NOT NULL,
        volume_kb bigint NOT NULL,
        fee_fen bigint NOT NULL,
        tax_fen bigint NOT NULL,
        month date NOT NULL,
        duration_sec int NOT NULL,
        event_count int NOT NULL,
        event_type smallint NOT NULL,
        counterparty_class smallint NOT NULL,
        operation smallint NOT NULL,
        version smallint NOT NULL,
        is_current boolean NOT NULL,
        forwarded boolean,
        source text NOT NULL,
        record_id text NOT NULL,
        ref_record_id text,
        region_home text,
        region_visited text,
        tariff_code text,
        PRIMARY KEY (customer_id, month, source, record_id, version)
      ) PARTITION BY RANGE (month)`);
    await grant(q, 'usage.usage_record', 'read-write');

    await q.query(`
      CREATE TABLE usage.customer_bill (
        customer_id uuid NOT NULL,
        source text NOT NULL,
        bill_no text NOT NULL,
        version smallint NOT NULL,
        file_id uuid NOT NULL,
        content_hash bigint NOT NULL,
        cycle date NOT NULL,
        monthly_fee_fen bigint NOT NULL,
        voice_fen bigint NOT NULL,
        sms_fen bigint NOT NULL,
        data_fen bigint NOT NULL,
        roaming_fen bigint NOT NULL,
        vas_fen bigint NOT NULL,
        collected_for_others_fen bigint NOT NULL,
        discount_fen bigint NOT NULL,
        gift_fen bigint NOT NULL,
        adjustment_fen bigint NOT NULL,
        payable_fen bigint NOT NULL,
        net_spend_fen bigint NOT NULL GENERATED ALWAYS AS (payable_fen - collected_for_others_fen) STORED,
        paid_fen bigint NOT NULL,
        arrears_fen bigint NOT NULL,
        due_on date NOT NULL,
        issued_at timestamptz NOT NULL,
        supersedes text,
        is_current boolean NOT NULL,
        recorded_at timestamptz NOT NULL,
        PRIMARY KEY (customer_id, source, bill_no, version)
      )`);
    await grant(q, 'usage.customer_bill', 'read-write');

    await q.query(`
      CREATE TABLE usage.payment (
        customer_id uuid NOT NULL,
        source text NOT NULL,
        payment_id text NOT NULL,
        version smallint NOT NULL,
        file_id uuid NOT NULL,
        content_hash bigint NOT NULL,
        paid_at timestamptz NOT NULL,
        month date NOT NULL,
        amount_fen bigint NOT NULL,
        method text,
        paid_by_other boolean NOT NULL,
        bill_no text,
        operation smallint NOT NULL,
        ref_payment_id text,
        is_current boolean NOT NULL,
        recorded_at timestamptz NOT NULL,
        PRIMARY KEY (customer_id, source, payment_id, version)
      )`);
    await grant(q, 'usage.payment', 'read-write');

    // A snapshot has no customer before it is applied, so its identity is a directory of its own.
    await q.query(`
      CREATE TABLE usage.subscription_record (
        source text NOT NULL,
        record_id text NOT NULL,
        version smallint NOT NULL,
        customer_id uuid NOT NULL,
        msisdn_index bytea NOT NULL,
        file_id uuid NOT NULL,
        content_hash bigint NOT NULL,
        event_time timestamptz NOT NULL,
        status text NOT NULL,
        status_at timestamptz NOT NULL,
        recorded_at timestamptz NOT NULL,
        PRIMARY KEY (source, record_id, version)
      )`);
    await q.query(`
      CREATE INDEX subscription_record_suspended ON usage.subscription_record (customer_id, status_at)
      WHERE status LIKE 'SUSPENDED%'`);
    await grant(q, 'usage.subscription_record', 'append-only');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP SCHEMA usage CASCADE');
  }
}
