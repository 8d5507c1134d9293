import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE } from '../src/platform/database/migration-tools.js';

/**
 * The lines of the access register hang together in chains of hashes, so that a change by whoever owns the tables is found
 * (AUD-01). Lines of earlier releases hang in none. Each process writes to one chain at a time; there are 16, so that
 * processes do not wait for each other.
 */
export class RegisterChain1763800100050 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      ALTER TABLE organization.access_register
        ADD COLUMN session_id text,
        ADD COLUMN client_address text,
        ADD COLUMN object_type text,
        ADD COLUMN object_id text,
        ADD COLUMN ticket_ref text,
        ADD COLUMN refusal text,
        ADD COLUMN chain smallint,
        ADD COLUMN seq bigint,
        ADD COLUMN prev_hash bytea,
        ADD COLUMN row_hash bytea`);
    await q.query(`
      ALTER TABLE organization.access_register ADD CONSTRAINT access_register_chained
      CHECK (num_nulls(chain, seq, prev_hash, row_hash) = 0 AND chain BETWEEN 0 AND 15) NOT VALID`);
    await q.query(`CREATE INDEX access_register_chain ON organization.access_register (chain, seq)`);

    await q.query(`
      CREATE TABLE organization.register_head (
        chain smallint PRIMARY KEY,
        seq bigint NOT NULL,
        hash bytea NOT NULL
      )`);
    await q.query(`
      INSERT INTO organization.register_head (chain, seq, hash)
      SELECT chain, 0, decode(repeat('00', 32), 'hex') FROM generate_series(0, 15) AS chain`);
    await q.query(`GRANT SELECT, UPDATE ON organization.register_head TO ${APPLICATION_ROLE}`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP TABLE organization.register_head');
    await q.query('DROP INDEX organization.access_register_chain');
    await q.query('ALTER TABLE organization.access_register DROP CONSTRAINT access_register_chained');
    for (const column of 'session_id client_address object_type object_id ticket_ref refusal chain seq prev_hash row_hash'.split(
      ' ',
    )) {
      await q.query(`ALTER TABLE organization.access_register DROP COLUMN ${column}`);
    }
  }
}
