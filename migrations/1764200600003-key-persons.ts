import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  APPLICATION_ROLE,
  grant,
  grantToRoles,
  protectCustomerRows,
  revokeFromRoles,
  type RolePermissions,
} from '../src/platform/database/migration-tools.js';

/** Who may redeem the points of a group customer (集团客户关键人物), how many in a month, and within which days. */
export class KeyPersons1764200600003 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE points.key_person (
        customer_id uuid NOT NULL,
        registration_id uuid NOT NULL,
        person_id uuid NOT NULL,
        role text NOT NULL,
        limit_points bigint NOT NULL,
        active_from date NOT NULL,
        active_until date NOT NULL,
        registered_by text NOT NULL,
        registered_at timestamptz NOT NULL,
        ended_at timestamptz,
        PRIMARY KEY (customer_id, registration_id)
      )`);
    await q.query(`COMMENT ON COLUMN points.key_person.customer_id IS 'the group; person_id is a customer, too'`);
    await q.query(`
      ALTER TABLE points.key_person ADD CONSTRAINT key_person_role
      CHECK (role IN ('DECISION_MAKER', 'CONTACT', 'IT_HEAD', 'INFLUENCER'))`);
    await q.query(`
      ALTER TABLE points.key_person ADD CONSTRAINT key_person_limits
      CHECK (limit_points > 0 AND active_from <= active_until AND person_id <> customer_id)`);
    await q.query(
      `CREATE UNIQUE INDEX key_person_once ON points.key_person (customer_id, person_id) WHERE ended_at IS NULL`,
    );
    await grant(q, 'points.key_person', 'read-write');
    await q.query(`REVOKE DELETE ON points.key_person FROM ${APPLICATION_ROLE}`);
    await protectCustomerRows(q, 'points.key_person');
    await grantToRoles(q, GRANTED);
  }

  async down(q: QueryRunner): Promise<void> {
    await revokeFromRoles(q, GRANTED);
    await q.query('DROP TABLE points.key_person');
  }
}

const GRANTED: RolePermissions = {
  'account-manager': ['points.group'],
  supervisor: ['points.group'],
  administrator: ['points.group'],
};
