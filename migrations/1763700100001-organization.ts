import type { MigrationInterface, QueryRunner } from 'typeorm';
import { createSchema, grant } from '../src/platform/database/migration-tools.js';

/** Units, staff, roles and API keys. */
export class Organization1763700100001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await createSchema(q, 'organization');

    await q.query(`
      CREATE TABLE organization.unit (
        unit_id uuid PRIMARY KEY,
        parent_id uuid,
        kind text NOT NULL,
        code text NOT NULL,
        name text NOT NULL,
        path text NOT NULL,
        created_at timestamptz NOT NULL,
        version integer NOT NULL
      )`);
    await q.query(`ALTER TABLE organization.unit ADD CONSTRAINT unit_code_once UNIQUE (kind, code)`);
    await q.query(`
      ALTER TABLE organization.unit ADD CONSTRAINT unit_parent FOREIGN KEY (parent_id) REFERENCES organization.unit (unit_id)`);
    await q.query(`
      ALTER TABLE organization.unit ADD CONSTRAINT unit_kind CHECK (kind IN ('group', 'province', 'branch', 'hall'))`);
    // "C" order: everything below a unit is one range of paths.
    await q.query(`CREATE INDEX unit_path ON organization.unit (path COLLATE "C")`);
    await grant(q, 'organization.unit', 'read-write');

    await q.query(`
      CREATE TABLE organization.role (
        role text PRIMARY KEY,
        name text NOT NULL,
        permissions text[] NOT NULL,
        is_for_systems boolean NOT NULL
      )`);
    await grant(q, 'organization.role', 'read-write');

    await q.query(`
      CREATE TABLE organization.staff (
        staff_id uuid PRIMARY KEY,
        login text NOT NULL,
        display_name text NOT NULL,
        password_hash text NOT NULL,
        unit_id uuid NOT NULL,
        roles text[] NOT NULL,
        status text NOT NULL,
        token_version integer NOT NULL,
        failed_attempts integer NOT NULL,
        locked_until timestamptz,
        created_at timestamptz NOT NULL,
        version integer NOT NULL
      )`);
    await q.query(`ALTER TABLE organization.staff ADD CONSTRAINT staff_login_once UNIQUE (login)`);
    await q.query(`
      ALTER TABLE organization.staff ADD CONSTRAINT staff_unit FOREIGN KEY (unit_id) REFERENCES organization.unit (unit_id)`);
    await q.query(`
      ALTER TABLE organization.staff ADD CONSTRAINT staff_status CHECK (status IN ('active', 'deactivated'))`);
    await q.query(`CREATE INDEX staff_of_unit ON organization.staff (unit_id)`);
    await grant(q, 'organization.staff', 'read-write');

    await q.query(`
      CREATE TABLE organization.api_key (
        api_key_id uuid PRIMARY KEY,
        name text NOT NULL,
        key_hash text NOT NULL,
        role text NOT NULL,
        source text,
        kinds text[] NOT NULL,
        provinces text[] NOT NULL,
        created_at timestamptz NOT NULL,
        revoked_at timestamptz
      )`);
    await q.query(`ALTER TABLE organization.api_key ADD CONSTRAINT api_key_hash_once UNIQUE (key_hash)`);
    await q.query(`
      ALTER TABLE organization.api_key ADD CONSTRAINT api_key_role FOREIGN KEY (role) REFERENCES organization.role (role)`);
    await q.query(`
      CREATE UNIQUE INDEX api_key_live_name ON organization.api_key (name) WHERE revoked_at IS NULL`);
    await grant(q, 'organization.api_key', 'read-write');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP SCHEMA organization CASCADE');
  }
}
