import type { MigrationInterface, QueryRunner } from 'typeorm';
import { protectCustomerRows, unprotectRows } from '../src/platform/database/migration-tools.js';

/** Rows of customers out of an actor's scope are hidden by the database itself. */
export class TieringScope1763800400010 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await protectCustomerRows(q, 'tiering.tier_decision');
    await protectCustomerRows(q, 'tiering.tier_assignment');
    await q.query('ALTER VIEW tiering.current_tier SET (security_invoker = true)');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('ALTER VIEW tiering.current_tier RESET (security_invoker)');
    await unprotectRows(q, 'tiering.tier_decision');
    await unprotectRows(q, 'tiering.tier_assignment');
  }
}
