import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE } from '../src/platform/database/migration-tools.js';

/** That a line was refused is kept, its content is not; a record of somebody who was erased forgets the number and what it said. */
export class ForgettingRawLines1763800300020 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`GRANT UPDATE (sealed) ON usage.rejected_record TO ${APPLICATION_ROLE}`);
    await q.query(`GRANT UPDATE (msisdn_index, content_hash) ON usage.subscription_record TO ${APPLICATION_ROLE}`);
    await q.query(`CREATE INDEX subscription_record_customer ON usage.subscription_record (customer_id)`);
    await q.query(`CREATE INDEX held_record_age ON usage.held_record (held_at)`);
    await q.query(`CREATE INDEX rejected_record_kept ON usage.rejected_record (rejected_at) WHERE sealed <> ''`);
    for (const table of UNDELETABLE) await q.query(`REVOKE DELETE ON usage.${table} FROM ${APPLICATION_ROLE}`);
  }

  async down(q: QueryRunner): Promise<void> {
    for (const table of UNDELETABLE) await q.query(`GRANT DELETE ON usage.${table} TO ${APPLICATION_ROLE}`);
    for (const index of ['rejected_record_kept', 'held_record_age', 'subscription_record_customer']) {
      await q.query(`DROP INDEX usage.${index}`);
    }
    await q.query(`REVOKE UPDATE (msisdn_index, content_hash) ON usage.subscription_record FROM ${APPLICATION_ROLE}`);
    await q.query(`REVOKE UPDATE (sealed) ON usage.rejected_record FROM ${APPLICATION_ROLE}`);
  }
}

const UNDELETABLE = ['usage_record', 'customer_bill', 'payment', 'customer_month'];
