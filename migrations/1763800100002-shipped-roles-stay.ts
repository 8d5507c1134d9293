import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Roles of the operator's own stand beside those that the product ships, which stay what its documentation says. */
export class ShippedRolesStay1763800100002 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`ALTER TABLE organization.role ADD COLUMN is_shipped boolean NOT NULL DEFAULT false`);
    await q.query(`UPDATE organization.role SET is_shipped = true`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`ALTER TABLE organization.role DROP COLUMN is_shipped`);
  }
}
