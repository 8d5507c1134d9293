import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  APPLICATION_ROLE,
  grant,
  grantToRoles,
  protectCustomerRows,
  revokeFromRoles,
} from '../src/platform/database/migration-tools.js';

const GRANTED = {
  'rule-author': ['points.author'],
  administrator: ['points.author'],
};

/** What points are exchanged for: the catalogue, its stock, and the orders of customers. */
export class ExchangeOfPoints1764200500001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE points.catalogue_item (
        item_id text PRIMARY KEY,
        kind text NOT NULL,
        label jsonb NOT NULL,
        points bigint NOT NULL,
        classes points.points_type[],
        per_points_year int,
        boss_product text,
        benefit text,
        units int,
        valid_from date NOT NULL,
        valid_until date NOT NULL DEFAULT '9999-12-31',
        status text NOT NULL DEFAULT 'ACTIVE',
        created_at timestamptz NOT NULL
      )`);
    // A mobile product says what BOSS calls it, a service what it entitles to.
    await q.query(`
      ALTER TABLE points.catalogue_item ADD CONSTRAINT catalogue_item_kind CHECK (
        kind IN ('SERVICE', 'MOBILE_PRODUCT', 'GOODS')
        AND (kind = 'MOBILE_PRODUCT') = (boss_product IS NOT NULL)
        AND (kind = 'SERVICE') = (benefit IS NOT NULL) AND (kind = 'SERVICE') = (units IS NOT NULL))`);
    await q.query(`
      ALTER TABLE points.catalogue_item ADD CONSTRAINT catalogue_item_figures CHECK (
        points > 0 AND units > 0 AND per_points_year > 0 AND cardinality(classes) > 0
        AND valid_from <= valid_until AND status IN ('ACTIVE', 'WITHDRAWN'))`);
    await grant(q, 'points.catalogue_item', 'read-write');
    await q.query(`REVOKE DELETE ON points.catalogue_item FROM ${APPLICATION_ROLE}`);

    // The stock of an item lies in several rows, so that its orders do not wait for each other's commit.
    await q.query(`
      CREATE TABLE points.stock (
        item_id text NOT NULL REFERENCES points.catalogue_item,
        stripe smallint NOT NULL,
        on_hand int NOT NULL,
        PRIMARY KEY (item_id, stripe)
      ) WITH (fillfactor = 50)`);
    await q.query(`ALTER TABLE points.stock ADD CONSTRAINT stock_not_negative CHECK (on_hand >= 0)`);
    await grant(q, 'points.stock', 'read-write');

    // The same delivery note again is the same delivery. What is taken out by hand is one of less than nothing.
    await q.query(`
      CREATE TABLE points.stock_delivery (
        item_id text NOT NULL REFERENCES points.catalogue_item,
        delivery_no text NOT NULL,
        quantity int NOT NULL,
        delivered_by text NOT NULL,
        delivered_at timestamptz NOT NULL,
        PRIMARY KEY (item_id, delivery_no)
      )`);
    await q.query(`ALTER TABLE points.stock_delivery ADD CONSTRAINT stock_delivery_quantity CHECK (quantity <> 0)`);
    await grant(q, 'points.stock_delivery', 'append-only');

    // Its hold has the id of the order; a service has no hold, and the id of its redemption. No reference to the item: the order of
    // everybody would lock its row. Items are never deleted.
    await q.query(`
      CREATE TABLE points.exchange_order (
        customer_id uuid NOT NULL,
        order_id uuid NOT NULL,
        item_id text NOT NULL,
        kind text NOT NULL,
        points bigint NOT NULL,
        points_year int NOT NULL,
        channel text NOT NULL,
        status text NOT NULL,
        idem_key text NOT NULL,
        request_hash text NOT NULL,
        ordered_by text NOT NULL,
        ordered_at timestamptz NOT NULL,
        ended_at timestamptz,
        boss_reference text,
        refusal text,
        card_sealed bytea,
        card_shown_at timestamptz,
        PRIMARY KEY (customer_id, order_id)
      ) WITH (fillfactor = 80)`);
    await q.query(`
      ALTER TABLE points.exchange_order ADD CONSTRAINT exchange_order_once UNIQUE (customer_id, idem_key)`);
    await q.query(`
      ALTER TABLE points.exchange_order ADD CONSTRAINT exchange_order_ends_once CHECK (
        points > 0 AND status IN ('OPEN', 'COMPLETED', 'REFUSED', 'CANCELLED') AND (status = 'OPEN') = (ended_at IS NULL)
        AND (status = 'REFUSED') = (refusal IS NOT NULL) AND (card_shown_at IS NULL OR card_sealed IS NULL))`);
    await grant(q, 'points.exchange_order', 'read-write');
    await q.query(`REVOKE DELETE ON points.exchange_order FROM ${APPLICATION_ROLE}`);
    await protectCustomerRows(q, 'points.exchange_order');

    // Orders that BOSS has not decided about: gone as soon as it has.
    await q.query(`
      CREATE TABLE points.order_to_send (
        order_id uuid PRIMARY KEY,
        customer_id uuid NOT NULL,
        product text NOT NULL,
        value_fen bigint NOT NULL,
        attempts int NOT NULL DEFAULT 0,
        next_attempt_at timestamptz NOT NULL
      ) WITH (fillfactor = 50)`);
    await q.query(`CREATE INDEX order_to_send_due ON points.order_to_send (next_attempt_at)`);
    await grant(q, 'points.order_to_send', 'read-write');

    await grantToRoles(q, GRANTED);
  }

  async down(q: QueryRunner): Promise<void> {
    await revokeFromRoles(q, GRANTED);
    for (const table of ['order_to_send', 'exchange_order', 'stock_delivery', 'stock', 'catalogue_item']) {
      await q.query(`DROP TABLE points.${table}`);
    }
  }
}
