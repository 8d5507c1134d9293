import type { MigrationInterface, QueryRunner } from 'typeorm';
import { protectCustomerRows, unprotectRows } from '../src/platform/database/migration-tools.js';

/** Rows of customers out of an actor's scope are hidden by the database itself. */
export class UsageScope1763800300010 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await protectCustomerRows(q, 'usage.usage_record');
    await protectCustomerRows(q, 'usage.customer_bill');
    await protectCustomerRows(q, 'usage.payment');
    await protectCustomerRows(q, 'usage.customer_month');
    await q.query('ALTER VIEW usage.month_fact SET (security_invoker = true)');
    await q.query('ALTER VIEW usage.bill SET (security_invoker = true)');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('ALTER VIEW usage.month_fact RESET (security_invoker)');
    await q.query('ALTER VIEW usage.bill RESET (security_invoker)');
    await unprotectRows(q, 'usage.usage_record');
    await unprotectRows(q, 'usage.customer_bill');
    await unprotectRows(q, 'usage.payment');
    await unprotectRows(q, 'usage.customer_month');
  }
}
