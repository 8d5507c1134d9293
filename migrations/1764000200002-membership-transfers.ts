import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE, grant, protectRows, unprotectRows } from '../src/platform/database/migration-tools.js';

/** Memberships that go from one customer to another, or from one number of a customer to another (VIP俱乐部会员的身份转移). */
export class MembershipTransfers1764000200002 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE tiering.membership_transfer (
        customer_id uuid NOT NULL,
        transfer_id uuid NOT NULL,
        to_customer_id uuid NOT NULL,
        to_subscription_id uuid,
        tier text NOT NULL,
        status text NOT NULL,
        reason text NOT NULL,
        asked_by text NOT NULL,
        asked_at timestamptz NOT NULL,
        approval_id uuid NOT NULL,
        expires_at timestamptz NOT NULL,
        approved_by text,
        approved_at timestamptz,
        carries_out_on date,
        closed_by text,
        closed_at timestamptz,
        failure text,
        PRIMARY KEY (customer_id, transfer_id)
      )`);
    await q.query(`
      ALTER TABLE tiering.membership_transfer ADD CONSTRAINT membership_transfer_status
      CHECK (status IN ('asked', 'cooling-off', 'completed', 'withdrawn', 'rejected', 'lapsed', 'failed'))`);
    await q.query(`
      ALTER TABLE tiering.membership_transfer ADD CONSTRAINT membership_transfer_in_its_state CHECK (
        num_nulls(approved_by, approved_at, carries_out_on) IN (0, 3)
        AND (status NOT IN ('cooling-off', 'completed', 'failed') OR approved_by IS NOT NULL)
        AND (status NOT IN ('asked', 'rejected', 'lapsed') OR approved_by IS NULL)
        AND (status IN ('asked', 'cooling-off')) = (closed_at IS NULL)
        AND (status = 'failed') = (failure IS NOT NULL))`);
    await q.query(`
      ALTER TABLE tiering.membership_transfer ADD CONSTRAINT membership_transfer_by_two CHECK (approved_by <> asked_by)`);
    await q.query(`
      ALTER TABLE tiering.membership_transfer ADD CONSTRAINT membership_transfer_to_another
      CHECK ((to_customer_id = customer_id) = (to_subscription_id IS NOT NULL))`);
    // Whoever gives gives once.
    await q.query(`
      CREATE UNIQUE INDEX one_open_transfer ON tiering.membership_transfer (customer_id)
      WHERE status IN ('asked', 'cooling-off')`);
    await q.query(`
      CREATE INDEX membership_transfer_due ON tiering.membership_transfer (carries_out_on) WHERE status = 'cooling-off'`);
    await q.query('CREATE INDEX membership_transfer_by_id ON tiering.membership_transfer (transfer_id)');
    await q.query('CREATE INDEX membership_transfer_to ON tiering.membership_transfer (to_customer_id)');
    await grant(q, 'tiering.membership_transfer', 'read-write');
    await q.query(`REVOKE DELETE ON tiering.membership_transfer FROM ${APPLICATION_ROLE}`);
    // Of two customers: seen by those who see both.
    await protectRows(
      q,
      'tiering.membership_transfer',
      `EXISTS (SELECT FROM customers.customer giver WHERE giver.customer_id = membership_transfer.customer_id)
       AND EXISTS (SELECT FROM customers.customer receiver WHERE receiver.customer_id = membership_transfer.to_customer_id)`,
    );
  }

  async down(q: QueryRunner): Promise<void> {
    await unprotectRows(q, 'tiering.membership_transfer');
    await q.query('DROP TABLE tiering.membership_transfer');
  }
}
