import type { MigrationInterface, QueryRunner } from 'typeorm';
import { protectCustomerRows, unprotectRows } from '../src/platform/database/migration-tools.js';

/** Rows of customers out of an actor's scope are hidden by the database itself. */
export class RoutingScope1763800700010 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await protectCustomerRows(q, 'routing.customer_manager');
  }

  async down(q: QueryRunner): Promise<void> {
    await unprotectRows(q, 'routing.customer_manager');
  }
}
