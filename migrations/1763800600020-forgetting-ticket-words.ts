import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE } from '../src/platform/database/migration-tools.js';

/** Tickets are kept (CUS-35); their words are forgotten with the customer, or when their term is over. */
export class ForgettingTicketWords1763800600020 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`ALTER TABLE tickets.ticket ADD COLUMN forgotten_at timestamptz`);
    await q.query(`
      CREATE INDEX ticket_words_kept ON tickets.ticket (status_at)
      WHERE forgotten_at IS NULL AND status IN ('closed', 'cancelled', 'rejected')`);
    await q.query(`GRANT UPDATE (text) ON tickets.note TO ${APPLICATION_ROLE}`);
    await q.query(`GRANT UPDATE (reason) ON tickets.status_change TO ${APPLICATION_ROLE}`);
    await q.query(`REVOKE DELETE ON tickets.ticket FROM ${APPLICATION_ROLE}`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`GRANT DELETE ON tickets.ticket TO ${APPLICATION_ROLE}`);
    await q.query(`REVOKE UPDATE (reason) ON tickets.status_change FROM ${APPLICATION_ROLE}`);
    await q.query(`REVOKE UPDATE (text) ON tickets.note FROM ${APPLICATION_ROLE}`);
    await q.query(`ALTER TABLE tickets.ticket DROP COLUMN forgotten_at`);
  }
}
