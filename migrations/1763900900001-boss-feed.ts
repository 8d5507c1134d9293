import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createSchema, grant } from '../src/platform/database/migration-tools.js';

/**
 * What goes out to BOSS and the data warehouse. An item is written once, under the next number of its feed, and never changes:
 * files and deliveries are ranges of numbers. Nothing here names a customer but the pseudonymous id.
 */
export class BossFeed1763900900001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createSchema(q, 'boss_feed');

    // The row is the lock under which numbers are given and files are cut.
    await q.query(`
      CREATE TABLE boss_feed.feed (
        feed_id text PRIMARY KEY,
        kind text NOT NULL,
        target text NOT NULL,
        created_at timestamptz NOT NULL,
        last_sequence bigint NOT NULL DEFAULT 0,
        last_given_at timestamptz NOT NULL DEFAULT '-infinity',
        last_file_sequence integer NOT NULL DEFAULT 0,
        filed_sequence bigint NOT NULL DEFAULT 0,
        filed_until date
      )`);
    await q.query(`ALTER TABLE boss_feed.feed ADD CONSTRAINT feed_once UNIQUE (kind, target)`);
    await q.query(`ALTER TABLE boss_feed.feed ADD CONSTRAINT feed_kind CHECK (kind IN ('TIR', 'PTS', 'CHN'))`);
    for (const kind of ['TIR', 'PTS', 'CHN']) {
      await q.query(
        `INSERT INTO boss_feed.feed (feed_id, kind, target, created_at) VALUES ($1 || '-ALL', $1, 'ALL', now())`,
        [kind],
      );
    }
    await grant(q, 'boss_feed.feed', 'read-write');

    // Committed, and not numbered yet. Its position orders what one transaction, or one customer's next one, wrote.
    await q.query(`
      CREATE TABLE boss_feed.pending_item (
        kind text NOT NULL,
        event_id uuid NOT NULL,
        position bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
        customer_id uuid NOT NULL,
        occurred_at timestamptz NOT NULL,
        is_backfill boolean NOT NULL,
        detail jsonb NOT NULL,
        PRIMARY KEY (kind, event_id)
      )`);
    await q.query(`CREATE INDEX pending_item_next ON boss_feed.pending_item (kind, position)`);
    await q.query(`ALTER TABLE boss_feed.pending_item SET (autovacuum_vacuum_scale_factor = 0.02)`);
    await grant(q, 'boss_feed.pending_item', 'read-write');

    await q.query(`
      CREATE TABLE boss_feed.item (
        feed_id text NOT NULL,
        sequence bigint NOT NULL,
        event_id uuid NOT NULL,
        customer_id uuid NOT NULL,
        has_account boolean NOT NULL,
        occurred_at timestamptz NOT NULL,
        given_at timestamptz NOT NULL,
        is_backfill boolean NOT NULL,
        detail jsonb NOT NULL,
        PRIMARY KEY (feed_id, sequence)
      )`);
    await q.query(`ALTER TABLE boss_feed.item ADD CONSTRAINT item_once UNIQUE (feed_id, event_id)`);
    await q.query(`CREATE INDEX item_customer ON boss_feed.item (customer_id)`);
    await grant(q, 'boss_feed.item', 'append-only');

    // Runs over everybody whose entries are taken in, customer by customer.
    await q.query(`
      CREATE TABLE boss_feed.collection (
        run_id uuid PRIMARY KEY,
        is_backfill boolean NOT NULL,
        asked_at timestamptz NOT NULL,
        collected bigint NOT NULL DEFAULT 0,
        after_customer uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
        finished_at timestamptz
      )`);
    await q.query(`CREATE INDEX collection_open ON boss_feed.collection (asked_at) WHERE finished_at IS NULL`);
    await grant(q, 'boss_feed.collection', 'read-write');

    await q.query(`
      CREATE TABLE boss_feed.file (
        file_id uuid PRIMARY KEY,
        feed_id text NOT NULL,
        business_date date NOT NULL,
        sequence integer NOT NULL,
        version integer NOT NULL,
        name text NOT NULL,
        after_sequence bigint NOT NULL,
        to_sequence bigint NOT NULL,
        created_at timestamptz NOT NULL,
        state text NOT NULL,
        attempt integer NOT NULL DEFAULT 0,
        record_sum bigint,
        customers bigint,
        body_sha256 text,
        content_sha256 text,
        size_bytes bigint,
        published_at timestamptz,
        is_wanted boolean NOT NULL DEFAULT true,
        is_tended boolean NOT NULL DEFAULT false,
        acknowledged_at timestamptz,
        acknowledged_by text,
        difference jsonb
      )`);
    await q.query(`ALTER TABLE boss_feed.file ADD CONSTRAINT file_name UNIQUE (name)`);
    await q.query(`ALTER TABLE boss_feed.file ADD CONSTRAINT file_version UNIQUE (feed_id, sequence, version)`);
    await q.query(`ALTER TABLE boss_feed.file ADD CONSTRAINT file_day UNIQUE (feed_id, business_date, version)`);
    await q.query(`
      ALTER TABLE boss_feed.file ADD CONSTRAINT file_state CHECK (state IN ('preparing', 'published', 'withdrawn'))`);
    await q.query(`
      ALTER TABLE boss_feed.file ADD CONSTRAINT file_published
      CHECK (state = 'preparing' OR num_nulls(record_sum, customers, body_sha256, content_sha256, size_bytes, published_at) = 0)`);
    await q.query(
      `CREATE INDEX file_to_tend ON boss_feed.file (feed_id, sequence) WHERE state = 'preparing' OR NOT is_tended`,
    );
    await grant(q, 'boss_feed.file', 'read-write');

    await q.query(`
      CREATE TABLE boss_feed.subscription (
        subscription_id uuid PRIMARY KEY,
        feed_id text NOT NULL,
        callback text NOT NULL,
        owner_kind text NOT NULL,
        owner_id text NOT NULL,
        secret_sealed bytea NOT NULL,
        created_at timestamptz NOT NULL,
        accepted_sequence bigint NOT NULL,
        offered_sequence bigint,
        attempts integer NOT NULL DEFAULT 0,
        next_attempt_at timestamptz NOT NULL,
        last_error text,
        ended_at timestamptz
      )`);
    await q.query(`
      ALTER TABLE boss_feed.subscription ADD CONSTRAINT subscription_feed
      FOREIGN KEY (feed_id) REFERENCES boss_feed.feed (feed_id)`);
    await q.query(`
      CREATE INDEX subscription_due ON boss_feed.subscription (next_attempt_at) WHERE ended_at IS NULL`);
    await grant(q, 'boss_feed.subscription', 'read-write');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP SCHEMA boss_feed CASCADE');
  }
}
