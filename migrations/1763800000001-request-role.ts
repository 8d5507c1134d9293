import type { MigrationInterface, QueryRunner } from 'typeorm';
import { REQUEST_ROLE } from '../src/platform/database/acting.js';
import { APPLICATION_ROLE } from '../src/platform/database/migration-tools.js';

/** The role in which requests of actors with a limited scope work: as the application, but bound by row-level security. */
export class RequestRole1763800000001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(
      `DO $$ BEGIN CREATE ROLE ${REQUEST_ROLE} NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`,
    );
    for (const [granted, receiver] of [
      [APPLICATION_ROLE, REQUEST_ROLE],
      [REQUEST_ROLE, '%I'],
    ]) {
      await q.query(
        `DO $$ BEGIN EXECUTE format('GRANT ${granted} TO ${receiver}', current_user); EXCEPTION WHEN unique_violation THEN NULL; END $$`,
      );
    }
    // What a request's transaction set with SET LOCAL (src/platform/database/acting.ts). Nothing set: nothing is seen.
    await q.query(`
      CREATE FUNCTION platform.scope_codes(setting text) RETURNS text[]
      LANGUAGE sql STABLE AS $$ SELECT string_to_array(nullif(current_setting('guibin.' || setting, true), ''), ',') $$`);
    await q.query(`
      CREATE FUNCTION platform.scope_id(setting text) RETURNS uuid
      LANGUAGE sql STABLE AS $$ SELECT nullif(current_setting('guibin.' || setting, true), '')::uuid $$`);
    await q.query(`
      CREATE FUNCTION platform.scope_unit_path() RETURNS text
      LANGUAGE sql STABLE AS $$ SELECT nullif(current_setting('guibin.unit_path', true), '') $$`);
    for (const name of ['scope_codes(text)', 'scope_id(text)', 'scope_unit_path()']) {
      await q.query(`GRANT EXECUTE ON FUNCTION platform.${name} TO ${APPLICATION_ROLE}`);
    }
  }

  async down(q: QueryRunner): Promise<void> {
    for (const name of ['scope_codes(text)', 'scope_id(text)', 'scope_unit_path()']) {
      await q.query(`DROP FUNCTION platform.${name}`);
    }
  }
}
