import type { MigrationInterface, QueryRunner } from 'typeorm';
import { protectCustomerRows, protectRows, unprotectRows } from '../src/platform/database/migration-tools.js';

/** Whose customer it is (account manager), and the second line of scope: the database itself hides customers out of it. */
export class CustomerScope1763800200010 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`ALTER TABLE customers.customer ADD COLUMN manager_id uuid`);
    await q.query(`CREATE INDEX customer_of_manager ON customers.customer (manager_id) WHERE manager_id IS NOT NULL`);
    // The sub-selects are evaluated once per statement, not per row. Written out in src/platform/identity/scope.ts, too.
    await protectRows(
      q,
      'customers.customer',
      `region = ANY ((SELECT platform.scope_codes('provinces'))::text[])
       OR branch_code = ANY ((SELECT platform.scope_codes('branches'))::text[])
       OR manager_id = (SELECT platform.scope_id('manager'))
       OR customer_id = (SELECT platform.scope_id('customer'))`,
    );
    await protectCustomerRows(q, 'customers.subscription');
    await protectCustomerRows(q, 'customers.archive_move');
    await protectRows(
      q,
      'customers.party',
      `EXISTS (SELECT FROM customers.customer scoped WHERE scoped.party_id = party.party_id)`,
    );
    // Views look with the eyes of whoever asks, not with their owner's.
    for (const view of VIEWS) await q.query(`ALTER VIEW ${view} SET (security_invoker = true)`);
  }

  async down(q: QueryRunner): Promise<void> {
    for (const view of VIEWS) await q.query(`ALTER VIEW ${view} RESET (security_invoker)`);
    for (const table of ['customer', 'subscription', 'archive_move', 'party'])
      await unprotectRows(q, `customers.${table}`);
    await q.query(`ALTER TABLE customers.customer DROP COLUMN manager_id`);
  }
}

const VIEWS = ['customers.profile', 'customers.number_directory', 'customers.account_owner'];
