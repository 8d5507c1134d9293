import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant } from '../src/platform/database/migration-tools.js';

/** Sign-ins become rows that can be ended one by one; people of an OpenID Connect issuer have no password here. */
export class Sessions1763800100020 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`ALTER TABLE organization.staff ADD COLUMN external_subject text`);
    await q.query(`
      ALTER TABLE organization.staff ADD CONSTRAINT staff_external_subject_once UNIQUE (external_subject)`);
    await q.query(`ALTER TABLE organization.staff ALTER COLUMN password_hash DROP NOT NULL`);
    await q.query(`
      ALTER TABLE organization.staff ADD CONSTRAINT staff_signs_in_one_way
      CHECK ((password_hash IS NULL) = (external_subject IS NOT NULL))`);

    await q.query(`
      CREATE TABLE organization.session (
        session_id uuid PRIMARY KEY,
        staff_id uuid NOT NULL,
        token_version integer NOT NULL,
        second_factor boolean NOT NULL,
        client_address text NOT NULL,
        created_at timestamptz NOT NULL,
        last_used_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        ended_at timestamptz,
        end_reason text
      )`);
    await q.query(`
      ALTER TABLE organization.session ADD CONSTRAINT session_staff FOREIGN KEY (staff_id) REFERENCES organization.staff (staff_id)`);
    await q.query(`
      ALTER TABLE organization.session ADD CONSTRAINT session_ended_for_a_reason CHECK ((ended_at IS NULL) = (end_reason IS NULL))`);
    await q.query(`CREATE INDEX session_of_staff ON organization.session (staff_id, created_at)`);
    await grant(q, 'organization.session', 'read-write');

    // The session is the family of its refresh tokens: one is live, the others were used up one after the other.
    await q.query(`
      CREATE TABLE organization.refresh_token (
        token_hash text PRIMARY KEY,
        session_id uuid NOT NULL,
        issued_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        used_at timestamptz
      )`);
    await q.query(`
      ALTER TABLE organization.refresh_token ADD CONSTRAINT refresh_token_session
      FOREIGN KEY (session_id) REFERENCES organization.session (session_id) ON DELETE CASCADE`);
    await q.query(`CREATE INDEX refresh_token_of_session ON organization.refresh_token (session_id)`);
    await grant(q, 'organization.refresh_token', 'read-write');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP TABLE organization.refresh_token');
    await q.query('DROP TABLE organization.session');
    await q.query('ALTER TABLE organization.staff DROP CONSTRAINT staff_signs_in_one_way');
    await q.query('ALTER TABLE organization.staff DROP COLUMN external_subject');
  }
}
