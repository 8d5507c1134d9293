import type { MigrationInterface, QueryRunner } from 'typeorm';
import { protectCustomerRows, unprotectRows } from '../src/platform/database/migration-tools.js';

/** Rows of customers out of an actor's scope are hidden by the database itself. */
export class PointsScope1763800500010 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await protectCustomerRows(q, 'points.point_account');
    await protectCustomerRows(q, 'points.point_bucket');
    await protectCustomerRows(q, 'points.journal');
    await protectCustomerRows(q, 'points.posting');
    await q.query('ALTER VIEW points.balance SET (security_invoker = true)');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('ALTER VIEW points.balance RESET (security_invoker)');
    await unprotectRows(q, 'points.point_account');
    await unprotectRows(q, 'points.point_bucket');
    await unprotectRows(q, 'points.journal');
    await unprotectRows(q, 'points.posting');
  }
}
