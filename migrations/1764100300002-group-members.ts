import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE, grant, protectCustomerRows } from '../src/platform/database/migration-tools.js';

/**
 * Who belongs to a group customer (集团成员), and since when. A group that somebody of us has opened has a profile although no number is
 * its own.
 */
export class GroupMembers1764100300002 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE customers.group_member (
        customer_id uuid NOT NULL,
        membership_id uuid NOT NULL,
        member_id uuid NOT NULL,
        joined_on date NOT NULL,
        left_on date NOT NULL DEFAULT '9999-12-31',
        recorded_at timestamptz NOT NULL,
        PRIMARY KEY (customer_id, membership_id)
      )`);
    await q.query(`COMMENT ON COLUMN customers.group_member.customer_id IS 'the group; member_id is a customer, too'`);
    await q.query(`ALTER TABLE customers.group_member ADD CONSTRAINT group_member_days CHECK (joined_on <= left_on)`);
    await q.query(
      `ALTER TABLE customers.group_member ADD CONSTRAINT group_member_other CHECK (member_id <> customer_id)`,
    );
    // Somebody who is a member does not become one a second time.
    await q.query(`
      CREATE UNIQUE INDEX group_member_once ON customers.group_member (customer_id, member_id) WHERE left_on = '9999-12-31'`);
    await q.query('CREATE INDEX group_of_member ON customers.group_member (member_id)');
    await grant(q, 'customers.group_member', 'read-write');
    await q.query(`REVOKE DELETE ON customers.group_member FROM ${APPLICATION_ROLE}`);
    await protectCustomerRows(q, 'customers.group_member');
    await q.query(`
      CREATE VIEW customers.group_membership WITH (security_invoker = true) AS
      SELECT customer_id, member_id, joined_on, left_on FROM customers.group_member`);
    await grant(q, 'customers.group_membership', 'read-only');

    await q.query(`CREATE INDEX customer_group ON customers.customer (customer_id) WHERE kind = 'group'`);
    await q.query(
      profile(
        `COALESCE(activated_on, CASE kind WHEN 'group' THEN opened_on END)`,
        `main_subscription_id IS NOT NULL OR kind = 'group'`,
      ),
    );
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(profile('activated_on', 'main_subscription_id IS NOT NULL'));
    await q.query('DROP INDEX customers.customer_group');
    await q.query('DROP VIEW customers.group_membership');
    await q.query('DROP TABLE customers.group_member');
  }
}

const profile = (activatedOn: string, isShown: string): string => `
  CREATE OR REPLACE VIEW customers.profile WITH (security_invoker = true) AS
  SELECT customer_id, archive, status, region, brand, ${activatedOn} AS activated_on, sim_kind, tariff_code, package_fee_fen,
         contract_ends_on, COALESCE(real_name_found = 'VERIFIED', real_name) AS real_name, closed_on, credit_grade,
         kind, branch_code, manager_id
  FROM customers.customer WHERE ${isShown}`;
