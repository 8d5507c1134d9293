import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  APPLICATION_ROLE,
  grant,
  grantToRoles,
  protectCustomerRows,
  revokeFromRoles,
  type RolePermissions,
  unprotectRows,
} from '../src/platform/database/migration-tools.js';

const GRANTED: RolePermissions = {
  'hotline-agent': ['membership.manage'],
  'account-manager': ['membership.manage', 'membership.transfer'],
  'hall-staff': ['membership.manage', 'membership.transfer'],
  supervisor: ['membership.manage', 'membership.approve'],
  administrator: ['membership.manage', 'membership.transfer'],
};

/** VIP cards (VIP卡), and points members (积分卡客户), who need no level. */
export class CardsAndPointsMembers1764000200001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE tiering.card (
        customer_id uuid NOT NULL,
        card_id uuid NOT NULL,
        number_sealed bytea,
        last_four text,
        tier text NOT NULL,
        status text NOT NULL,
        subscription_id uuid,
        issued_on date NOT NULL,
        valid_until date NOT NULL,
        replaces_card_id uuid,
        end_reason text,
        issued_at timestamptz NOT NULL,
        activated_at timestamptz,
        lost_at timestamptz,
        ended_at timestamptz,
        PRIMARY KEY (customer_id, card_id)
      )`);
    await q.query(`
      ALTER TABLE tiering.card ADD CONSTRAINT card_status
      CHECK (status IN ('issued', 'active', 'lost', 'replaced', 'expired', 'ended'))`);
    await q.query(`
      ALTER TABLE tiering.card ADD CONSTRAINT card_in_its_state CHECK (
        CASE status WHEN 'issued' THEN num_nonnulls(activated_at, lost_at, ended_at) = 0
                    WHEN 'active' THEN activated_at IS NOT NULL AND num_nonnulls(lost_at, ended_at) = 0
                    WHEN 'lost' THEN lost_at IS NOT NULL AND ended_at IS NULL
                    ELSE ended_at IS NOT NULL END
        AND (status = 'ended') = COALESCE(end_reason IN ('departed', 'transferred'), false))`);
    // A customer has one card in hand, or a lost one that is not replaced yet.
    await q.query(`
      CREATE UNIQUE INDEX one_open_card ON tiering.card (customer_id) WHERE status IN ('issued', 'active', 'lost')`);
    await q.query(`
      CREATE INDEX card_good_until ON tiering.card (valid_until) WHERE status IN ('issued', 'active', 'lost')`);
    await grant(q, 'tiering.card', 'read-write');
    await q.query(`REVOKE DELETE ON tiering.card FROM ${APPLICATION_ROLE}`);
    await protectCustomerRows(q, 'tiering.card');

    // Found by number, by stripe and by id; number and stripe as keyed digests.
    await q.query(`
      CREATE TABLE tiering.card_directory (
        number_index bytea PRIMARY KEY,
        track_token bytea,
        card_id uuid NOT NULL,
        customer_id uuid NOT NULL
      )`);
    await q.query('CREATE UNIQUE INDEX card_directory_track ON tiering.card_directory (track_token)');
    await q.query('CREATE UNIQUE INDEX card_directory_card ON tiering.card_directory (card_id)');
    await q.query('CREATE INDEX card_directory_customer ON tiering.card_directory (customer_id)');
    await grant(q, 'tiering.card_directory', 'read-write');

    await q.query(`
      CREATE TABLE tiering.points_member (
        customer_id uuid NOT NULL,
        membership_id uuid NOT NULL,
        since date NOT NULL,
        until date,
        enrolled_by text NOT NULL,
        enrolled_at timestamptz NOT NULL,
        ended_by text,
        ended_at timestamptz,
        PRIMARY KEY (customer_id, membership_id)
      )`);
    await q.query(`
      ALTER TABLE tiering.points_member ADD CONSTRAINT points_member_ended
      CHECK (num_nulls(until, ended_by, ended_at) IN (0, 3) AND COALESCE(since <= until, true))`);
    await q.query(
      `CREATE UNIQUE INDEX one_points_membership ON tiering.points_member (customer_id) WHERE until IS NULL`,
    );
    await grant(q, 'tiering.points_member', 'read-write');
    await q.query(`REVOKE DELETE ON tiering.points_member FROM ${APPLICATION_ROLE}`);
    await protectCustomerRows(q, 'tiering.points_member');
    await q.query(`
      CREATE VIEW tiering.current_points_member WITH (security_invoker = true) AS
      SELECT customer_id, since FROM tiering.points_member WHERE until IS NULL`);
    await grant(q, 'tiering.current_points_member', 'read-only');

    await grantToRoles(q, GRANTED);
  }

  async down(q: QueryRunner): Promise<void> {
    await revokeFromRoles(q, GRANTED);
    await q.query('DROP VIEW tiering.current_points_member');
    for (const table of ['points_member', 'card']) {
      await unprotectRows(q, `tiering.${table}`);
      await q.query(`DROP TABLE tiering.${table}`);
    }
    await q.query('DROP TABLE tiering.card_directory');
  }
}
