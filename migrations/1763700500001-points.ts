import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createSchema, grant } from '../src/platform/database/migration-tools.js';

/**
 * The points ledger. Journal and posting are the truth and are only added to; account and bucket are sums of them.
 *
 * There are no foreign keys between them: one check per row would double the price of a run over everybody, and the proof
 * finds what is missing on either side.
 */
export class Points1763700500001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createSchema(q, 'points');
    await q.query(`
      CREATE TYPE points.account_code AS ENUM (
        'CUST_AVAILABLE', 'CUST_HELD', 'CUST_PENDING', 'CUST_DEBT', 'ISSUED',
        'REDEEMED_SERVICE', 'REDEEMED_MOBILE_PRODUCT', 'REDEEMED_GOODS', 'CLOSED_FORFEIT')`);
    await q.query(`CREATE TYPE points.points_type AS ENUM ('SPENDING', 'PROMOTION')`);
    await q.query(`
      CREATE TYPE points.journal_kind AS ENUM (
        'EARN', 'EARN_CORRECTION', 'AWARD', 'REDEMPTION', 'REDEMPTION_REVERSAL', 'CLOSURE', 'REOPENING')`);

    // Rows change at every posting: the free space lets them change in place.
    await q.query(`
      CREATE TABLE points.point_account (
        customer_id uuid PRIMARY KEY,
        available bigint NOT NULL DEFAULT 0,
        held bigint NOT NULL DEFAULT 0,
        pending bigint NOT NULL DEFAULT 0,
        debt bigint NOT NULL DEFAULT 0,
        lifetime_earned bigint NOT NULL DEFAULT 0,
        version bigint NOT NULL DEFAULT 0,
        status text NOT NULL DEFAULT 'ACTIVE'
      ) WITH (fillfactor = 70)`);
    await q.query(`
      ALTER TABLE points.point_account ADD CONSTRAINT point_account_status CHECK (status IN ('ACTIVE', 'CLOSED'))`);
    await q.query(`
      ALTER TABLE points.point_account ADD CONSTRAINT point_account_not_negative
      CHECK (available >= 0 AND held >= 0 AND pending >= 0 AND debt >= 0)`);
    await grant(q, 'points.point_account', 'read-write');

    // Points that never expire do so on 'infinity'.
    await q.query(`
      CREATE TABLE points.point_bucket (
        customer_id uuid NOT NULL,
        expires_on date NOT NULL,
        points_type points.points_type NOT NULL,
        funder_id text NOT NULL,
        remaining bigint NOT NULL DEFAULT 0,
        held bigint NOT NULL DEFAULT 0,
        PRIMARY KEY (customer_id, expires_on, points_type, funder_id)
      ) WITH (fillfactor = 80)`);
    await q.query(`
      ALTER TABLE points.point_bucket ADD CONSTRAINT point_bucket_not_negative CHECK (remaining >= 0 AND held >= 0)`);
    await grant(q, 'points.point_bucket', 'read-write');

    // One entry is one step of account_version; points is what it changes in all that the customer has.
    await q.query(`
      CREATE TABLE points.journal (
        customer_id uuid NOT NULL,
        journal_id uuid NOT NULL,
        account_version bigint NOT NULL,
        kind points.journal_kind NOT NULL,
        points bigint NOT NULL,
        available_after bigint NOT NULL,
        idem_key text NOT NULL,
        request_hash text,
        occurred_at timestamptz NOT NULL,
        recorded_at timestamptz NOT NULL,
        business_date date NOT NULL,
        channel text,
        actor_id text,
        source_system text,
        source_ref text,
        reverses_journal_id uuid,
        rule_set_version integer,
        run_id uuid,
        metadata jsonb NOT NULL DEFAULT '{}',
        PRIMARY KEY (customer_id, journal_id)
      )`);
    await q.query(`ALTER TABLE points.journal ADD CONSTRAINT journal_once UNIQUE (customer_id, idem_key)`);
    await q.query(`ALTER TABLE points.journal ADD CONSTRAINT journal_order UNIQUE (customer_id, account_version)`);
    await q.query(`
      CREATE INDEX journal_of_bill ON points.journal (customer_id, source_system, source_ref)
      WHERE kind IN ('EARN', 'EARN_CORRECTION')`);
    await q.query(`
      CREATE INDEX journal_reversal ON points.journal (customer_id, reverses_journal_id)
      WHERE reverses_journal_id IS NOT NULL`);
    // A redemption is asked for by its id alone. On several servers this one look-up goes to all of them.
    await q.query(`CREATE INDEX journal_redemption ON points.journal (journal_id) WHERE kind = 'REDEMPTION'`);
    // Entries come in the order of their days, so this is tiny and still finds those of one run.
    await q.query(`CREATE INDEX journal_day ON points.journal USING brin (business_date) WITH (pages_per_range = 32)`);
    await grant(q, 'points.journal', 'append-only');

    await q.query(`
      CREATE TABLE points.posting (
        customer_id uuid NOT NULL,
        journal_id uuid NOT NULL,
        line smallint NOT NULL,
        business_date date NOT NULL,
        debit points.account_code NOT NULL,
        credit points.account_code NOT NULL,
        points bigint NOT NULL,
        value_fen bigint NOT NULL,
        expires_on date,
        points_type points.points_type,
        funder_id text,
        PRIMARY KEY (customer_id, journal_id, line, business_date)
      ) PARTITION BY RANGE (business_date)`);
    await q.query(`ALTER TABLE points.posting ADD CONSTRAINT posting_positive CHECK (points > 0)`);
    await q.query(`ALTER TABLE points.posting ADD CONSTRAINT posting_two_sides CHECK (debit <> credit)`);
    await q.query(`
      ALTER TABLE points.posting ADD CONSTRAINT posting_lot CHECK (
        num_nulls(expires_on, points_type, funder_id) IN (0, 3)
        AND (expires_on IS NOT NULL OR NOT (debit IN ('CUST_AVAILABLE', 'CUST_HELD') OR credit IN ('CUST_AVAILABLE', 'CUST_HELD'))))`);
    await grant(q, 'points.posting', 'append-only');

    await q.query(`
      CREATE TABLE points.earn_rule_set (
        version integer PRIMARY KEY,
        effective_from date NOT NULL,
        effective_to date NOT NULL DEFAULT 'infinity',
        rules jsonb NOT NULL,
        author text NOT NULL,
        approved_by text NOT NULL,
        created_at timestamptz NOT NULL
      )`);
    await q.query(`
      ALTER TABLE points.earn_rule_set ADD CONSTRAINT earn_rule_set_one_a_day
      EXCLUDE USING gist (daterange(effective_from, effective_to) WITH &&)`);
    await grant(q, 'points.earn_rule_set', 'read-only');

    await q.query(`
      CREATE VIEW points.balance AS SELECT customer_id, available, held, pending, debt FROM points.point_account`);
    await grant(q, 'points.balance', 'read-only');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP SCHEMA points CASCADE');
  }
}
