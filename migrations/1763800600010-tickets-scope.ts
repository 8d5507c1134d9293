import type { MigrationInterface, QueryRunner } from 'typeorm';
import { protectCustomerRows, unprotectRows } from '../src/platform/database/migration-tools.js';

/** Rows of customers out of an actor's scope are hidden by the database itself. */
export class TicketsScope1763800600010 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await protectCustomerRows(q, 'tickets.ticket');
    await protectCustomerRows(q, 'tickets.status_change');
    await protectCustomerRows(q, 'tickets.note');
    await protectCustomerRows(q, 'tickets.breach');
    await q.query('ALTER VIEW tickets.ticket_fact SET (security_invoker = true)');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('ALTER VIEW tickets.ticket_fact RESET (security_invoker)');
    await unprotectRows(q, 'tickets.ticket');
    await unprotectRows(q, 'tickets.status_change');
    await unprotectRows(q, 'tickets.note');
    await unprotectRows(q, 'tickets.breach');
  }
}
