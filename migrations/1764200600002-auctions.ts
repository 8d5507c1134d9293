import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  APPLICATION_ROLE,
  grant,
  grantToRoles,
  protectCustomerRows,
  revokeFromRoles,
  type RolePermissions,
} from '../src/platform/database/migration-tools.js';

/** Auctions for points (积分竞投). Whoever bids, or closes, locks the row of the auction first: that is the order of the bids. */
export class Auctions1764200600002 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE points.auction (
        auction_id uuid PRIMARY KEY,
        label_en text NOT NULL,
        label_zh text NOT NULL,
        opens_at timestamptz NOT NULL,
        closes_at timestamptz NOT NULL,
        reserve_points bigint NOT NULL,
        step_points bigint NOT NULL,
        bids integer NOT NULL DEFAULT 0,
        top_points bigint,
        status text NOT NULL DEFAULT 'OPEN',
        created_by text NOT NULL,
        created_at timestamptz NOT NULL,
        ended_at timestamptz
      )`);
    await q.query(`
      ALTER TABLE points.auction ADD CONSTRAINT auction_in_its_state CHECK (
        opens_at < closes_at AND reserve_points > 0 AND step_points > 0
        AND status IN ('OPEN', 'WON', 'FAILED') AND (status = 'OPEN') = (ended_at IS NULL))`);
    await q.query(`CREATE INDEX auction_due ON points.auction (closes_at) WHERE status = 'OPEN'`);
    await grant(q, 'points.auction', 'read-write');
    await q.query(`REVOKE DELETE ON points.auction FROM ${APPLICATION_ROLE}`);

    // A bid is TOP while its hold stands for the auction; VOID when the hold was ended from elsewhere.
    await q.query(`
      CREATE TABLE points.auction_bid (
        customer_id uuid NOT NULL,
        bid_id uuid NOT NULL,
        auction_id uuid NOT NULL,
        sequence integer NOT NULL,
        points bigint NOT NULL,
        hold_id uuid NOT NULL,
        state text NOT NULL,
        channel text NOT NULL,
        idem_key text NOT NULL,
        request_hash text NOT NULL,
        placed_at timestamptz NOT NULL,
        ended_at timestamptz,
        PRIMARY KEY (customer_id, bid_id)
      )`);
    await q.query(`ALTER TABLE points.auction_bid ADD CONSTRAINT auction_bid_once UNIQUE (customer_id, idem_key)`);
    await q.query(`
      ALTER TABLE points.auction_bid ADD CONSTRAINT auction_bid_in_its_state CHECK (
        points > 0 AND state IN ('TOP', 'OUTBID', 'WON', 'VOID') AND (state = 'TOP') = (ended_at IS NULL))`);
    await q.query('CREATE INDEX auction_bid_of ON points.auction_bid (auction_id, points)');
    await grant(q, 'points.auction_bid', 'read-write');
    await q.query(`REVOKE DELETE ON points.auction_bid FROM ${APPLICATION_ROLE}`);
    await protectCustomerRows(q, 'points.auction_bid');
    await grantToRoles(q, GRANTED);
  }

  async down(q: QueryRunner): Promise<void> {
    await revokeFromRoles(q, GRANTED);
    await q.query('DROP TABLE points.auction_bid');
    await q.query('DROP TABLE points.auction');
  }
}

const GRANTED: RolePermissions = { supervisor: ['points.auction'], administrator: ['points.auction'] };
