import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE, grant, protectCustomerRows } from '../src/platform/database/migration-tools.js';

/** Points that a bill has earned and that can be used once it is paid (待生效积分): of each bill and class, what still waits. */
export class PointsThatWaitForPayment1764200100002 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE points.pending_lot (
        customer_id uuid NOT NULL,
        source text NOT NULL,
        bill_no text NOT NULL,
        points_type points.points_type NOT NULL,
        expires_on date NOT NULL,
        funder_id text NOT NULL,
        pending bigint NOT NULL,
        cycle date NOT NULL,
        earned_by text NOT NULL,
        PRIMARY KEY (customer_id, source, bill_no, points_type, expires_on, funder_id)
      ) WITH (fillfactor = 80)`);
    await q.query(
      `COMMENT ON COLUMN points.pending_lot.earned_by IS 'key of the last entry that added to it: an activation is of what entries have earned, once'`,
    );
    await q.query('ALTER TABLE points.pending_lot ADD CONSTRAINT pending_lot_not_negative CHECK (pending >= 0)');
    // A lot leaves it when its bill is paid: what waits is found among what waits.
    await q.query('CREATE INDEX pending_lot_open ON points.pending_lot (customer_id) WHERE pending > 0');
    await grant(q, 'points.pending_lot', 'read-write');
    await q.query(`REVOKE DELETE ON points.pending_lot FROM ${APPLICATION_ROLE}`);
    await protectCustomerRows(q, 'points.pending_lot');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP TABLE points.pending_lot');
  }
}
