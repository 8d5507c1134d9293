import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  APPLICATION_ROLE,
  grant,
  grantToRoles,
  protectCustomerRows,
  revokeFromRoles,
  type RolePermissions,
} from '../src/platform/database/migration-tools.js';

/** To whom a customer may give points (受让人), what was given (积分转让), and whose transfers somebody looks at first. */
export class PayeesAndTransfers1764200600001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE points.payee (
        customer_id uuid NOT NULL,
        registration_id uuid NOT NULL,
        payee_id uuid NOT NULL,
        relation text NOT NULL,
        registered_by text NOT NULL,
        registered_at timestamptz NOT NULL,
        active_from timestamptz NOT NULL,
        removed_at timestamptz,
        PRIMARY KEY (customer_id, registration_id)
      )`);
    await q.query(`COMMENT ON COLUMN points.payee.customer_id IS 'the payer; payee_id is a customer, too'`);
    await q.query(`
      ALTER TABLE points.payee ADD CONSTRAINT payee_relation CHECK (relation IN ('SAME_IDENTITY', 'FAMILY'))`);
    await q.query(`ALTER TABLE points.payee ADD CONSTRAINT payee_other CHECK (payee_id <> customer_id)`);
    await q.query(`CREATE UNIQUE INDEX payee_once ON points.payee (customer_id, payee_id) WHERE removed_at IS NULL`);

    await q.query(`
      CREATE TABLE points.transfer (
        customer_id uuid NOT NULL,
        transfer_id uuid NOT NULL,
        payee_id uuid NOT NULL,
        points bigint NOT NULL,
        status text NOT NULL,
        idem_key text NOT NULL,
        request_hash text NOT NULL,
        channel text NOT NULL,
        asked_by text NOT NULL,
        asked_at timestamptz NOT NULL,
        hold_id uuid,
        approval_id uuid,
        review_until timestamptz,
        business_date date,
        out_journal_id uuid,
        in_journal_id uuid,
        ended_at timestamptz,
        PRIMARY KEY (customer_id, transfer_id)
      )`);
    await q.query(`COMMENT ON COLUMN points.transfer.customer_id IS 'the payer'`);
    await q.query(`ALTER TABLE points.transfer ADD CONSTRAINT transfer_once UNIQUE (customer_id, idem_key)`);
    await q.query(`
      ALTER TABLE points.transfer ADD CONSTRAINT transfer_in_its_state CHECK (
        points > 0
        AND status IN ('HELD', 'DONE', 'REFUSED', 'WITHDRAWN', 'LAPSED')
        AND (status = 'HELD') = (ended_at IS NULL)
        AND num_nulls(business_date, out_journal_id, in_journal_id) = CASE status WHEN 'DONE' THEN 0 ELSE 3 END
        AND num_nulls(hold_id, approval_id, review_until) IN (0, 3)
        AND (status = 'DONE' OR hold_id IS NOT NULL))`);
    await q.query('CREATE INDEX transfer_by_id ON points.transfer (transfer_id)');
    await q.query(`CREATE INDEX transfer_under_review ON points.transfer (review_until) WHERE status = 'HELD'`);

    await q.query(`
      CREATE TABLE points.transfer_flag (
        customer_id uuid NOT NULL,
        flag_id uuid NOT NULL,
        reason_code text NOT NULL,
        flagged_by text NOT NULL,
        flagged_at timestamptz NOT NULL,
        lifted_at timestamptz,
        PRIMARY KEY (customer_id, flag_id)
      )`);
    await q.query(`
      CREATE UNIQUE INDEX transfer_flag_once ON points.transfer_flag (customer_id) WHERE lifted_at IS NULL`);

    for (const table of TABLES) {
      await grant(q, table, 'read-write');
      await q.query(`REVOKE DELETE ON ${table} FROM ${APPLICATION_ROLE}`);
      await protectCustomerRows(q, table);
    }
    await grantToRoles(q, GRANTED);
  }

  async down(q: QueryRunner): Promise<void> {
    await revokeFromRoles(q, GRANTED);
    for (const table of TABLES) await q.query(`DROP TABLE ${table}`);
  }
}

const TABLES = ['points.payee', 'points.transfer', 'points.transfer_flag'];

const GRANTED: RolePermissions = {
  customer: ['points.transfer'],
  'hotline-agent': ['points.transfer'],
  'account-manager': ['points.transfer'],
  'hall-staff': ['points.transfer'],
  supervisor: ['points.transfer', 'points.watch', 'transfers.approve'],
  administrator: ['points.transfer', 'points.watch'],
};
