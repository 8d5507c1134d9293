import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE, protectRows } from '../src/platform/database/migration-tools.js';

/** What one person asks for and another one decides (复核), whatever it is about. */
export class Approvals1763800100061 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE organization.approval (
        approval_id uuid PRIMARY KEY,
        kind text NOT NULL,
        subject text NOT NULL,
        customer_id uuid,
        payload jsonb NOT NULL,
        payload_digest bytea NOT NULL,
        reason text NOT NULL,
        asked_by text NOT NULL,
        asked_by_kind text NOT NULL,
        asked_by_role text NOT NULL,
        asked_in_unit uuid,
        asked_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        status text NOT NULL DEFAULT 'pending',
        decided_by text,
        comment text,
        closed_at timestamptz,
        result jsonb
      )`);
    // The last word on four eyes is the table's own.
    await q.query(
      `ALTER TABLE organization.approval ADD CONSTRAINT approval_by_another CHECK (decided_by <> asked_by)`,
    );
    await q.query(`
      ALTER TABLE organization.approval ADD CONSTRAINT approval_status CHECK (
        CASE status WHEN 'pending' THEN closed_at IS NULL AND decided_by IS NULL
                    WHEN 'approved' THEN closed_at < expires_at AND decided_by IS NOT NULL
                    WHEN 'rejected' THEN closed_at < expires_at AND decided_by IS NOT NULL
                    WHEN 'withdrawn' THEN closed_at IS NOT NULL AND decided_by IS NULL
                    ELSE false END)`);
    await q.query(`CREATE INDEX approval_pending ON organization.approval (expires_at) WHERE status = 'pending'`);
    await q.query(`CREATE INDEX approval_asked ON organization.approval (asked_at, approval_id)`);
    await q.query(`
      CREATE INDEX approval_customer ON organization.approval (customer_id) WHERE customer_id IS NOT NULL`);
    // What was asked for cannot be changed by the application, only decided.
    await q.query(`GRANT SELECT, INSERT ON organization.approval TO ${APPLICATION_ROLE}`);
    await q.query(
      `GRANT UPDATE (status, decided_by, comment, closed_at, result) ON organization.approval TO ${APPLICATION_ROLE}`,
    );
    // Whoever may see the customer; what is about no customer, whoever looks after the unit in which it was asked.
    await protectRows(
      q,
      'organization.approval',
      `CASE WHEN customer_id IS NULL THEN asked_in_unit IN (SELECT scoped.unit_id FROM organization.unit scoped)
            ELSE EXISTS (SELECT FROM customers.customer scoped WHERE scoped.customer_id = approval.customer_id) END`,
    );
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP TABLE organization.approval');
  }
}
