import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE } from '../src/platform/database/migration-tools.js';

/** Messages of terminals are kept for as long as something may go on from them. */
export class MessagesOfTerminalsEnd1764200904003 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`GRANT DELETE ON merchants.pos_message TO ${APPLICATION_ROLE}`);
    // They come in the order of time, and are looked for by it once a night.
    await q.query(`CREATE INDEX pos_message_seen ON merchants.pos_message USING brin (seen_at)`);
    await q.query(`
      INSERT INTO customers.retention_class (code, what, kept_from, term, action, basis) VALUES
        ('merchants.pos-message', 'Messages of terminals', 'the last message of the sale', '1 year', 'DELETE',
         'A return names its original: as long as goods are guaranteed (三包); PIPL art. 19')`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`DELETE FROM customers.retention_class WHERE code = 'merchants.pos-message'`);
    await q.query(`DROP INDEX merchants.pos_message_seen`);
    await q.query(`REVOKE DELETE ON merchants.pos_message FROM ${APPLICATION_ROLE}`);
  }
}
