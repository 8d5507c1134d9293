import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant } from '../src/platform/database/migration-tools.js';

/** Who wants to be told of which events (TMF630 hub), and what is still to be told. */
export class Hub1763800000070 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE platform.hub_subscription (
        subscription_id uuid PRIMARY KEY,
        api text NOT NULL,
        callback text NOT NULL,
        query text,
        event_types text[],
        owner_id text NOT NULL,
        secret_sealed bytea NOT NULL,
        created_at timestamptz NOT NULL,
        failures integer NOT NULL DEFAULT 0,
        disabled_at timestamptz
      )`);
    await q.query(`CREATE INDEX hub_subscription_api ON platform.hub_subscription (api)`);
    await grant(q, 'platform.hub_subscription', 'read-write');

    // Delivered rows go at once, so the table holds what is on its way.
    await q.query(`
      CREATE TABLE platform.hub_delivery (
        delivery_id uuid PRIMARY KEY,
        subscription_id uuid NOT NULL,
        event_type text NOT NULL,
        body text NOT NULL,
        attempts integer NOT NULL DEFAULT 0,
        next_attempt_at timestamptz NOT NULL,
        last_error text
      )`);
    await q.query(`
      ALTER TABLE platform.hub_delivery ADD CONSTRAINT hub_delivery_subscription
      FOREIGN KEY (subscription_id) REFERENCES platform.hub_subscription (subscription_id) ON DELETE CASCADE`);
    await q.query(`CREATE INDEX hub_delivery_due ON platform.hub_delivery (subscription_id, next_attempt_at)`);
    await grant(q, 'platform.hub_delivery', 'read-write');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP TABLE platform.hub_delivery');
    await q.query('DROP TABLE platform.hub_subscription');
  }
}
