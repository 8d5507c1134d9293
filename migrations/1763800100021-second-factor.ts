import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant } from '../src/platform/database/migration-tools.js';

/** One-time codes of an authenticator (TOTP) beside the password, and recovery codes for when it is lost. */
export class SecondFactor1763800100021 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    // last_step: the time step of the last code that was accepted; none of it or before is accepted again.
    await q.query(`
      CREATE TABLE organization.totp (
        staff_id uuid PRIMARY KEY,
        secret bytea NOT NULL,
        created_at timestamptz NOT NULL,
        confirmed_at timestamptz,
        last_step bigint
      )`);
    await q.query(`
      ALTER TABLE organization.totp ADD CONSTRAINT totp_staff FOREIGN KEY (staff_id) REFERENCES organization.staff (staff_id)`);
    await grant(q, 'organization.totp', 'read-write');

    await q.query(`
      CREATE TABLE organization.recovery_code (
        staff_id uuid NOT NULL,
        code_hash text NOT NULL,
        used_at timestamptz,
        PRIMARY KEY (staff_id, code_hash)
      )`);
    await q.query(`
      ALTER TABLE organization.recovery_code ADD CONSTRAINT recovery_code_totp
      FOREIGN KEY (staff_id) REFERENCES organization.totp (staff_id) ON DELETE CASCADE`);
    await grant(q, 'organization.recovery_code', 'read-write');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP TABLE organization.recovery_code');
    await q.query('DROP TABLE organization.totp');
  }
}
