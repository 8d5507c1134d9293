import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE, createSchema } from '../src/platform/database/migration-tools.js';

/** The role of the running application, the platform's schema, and monthly partitions. */
export class Platform1763700000001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    // Roles belong to the cluster, not to the database, and two databases may be made at once.
    await q.query(
      `DO $$ BEGIN CREATE ROLE ${APPLICATION_ROLE} NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`,
    );
    await q.query(
      `DO $$ BEGIN EXECUTE format('GRANT ${APPLICATION_ROLE} TO %I', current_user); EXCEPTION WHEN unique_violation THEN NULL; END $$`,
    );
    await createSchema(q, 'platform');
    // SECURITY DEFINER: the application may open a new month, but owns no table.
    await q.query(`
      CREATE FUNCTION platform.ensure_month_partition(schema_name text, table_name text, month date) RETURNS void
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
      DECLARE
        first date := date_trunc('month', month)::date;
        partition text := table_name || to_char(first, '_YYYYMM');
      BEGIN
        IF to_regclass(format('%I.%I', schema_name, partition)) IS NOT NULL THEN RETURN; END IF;
        -- Two loads may open the same month at once.
        PERFORM pg_advisory_xact_lock(hashtext('platform.ensure_month_partition'), hashtext(schema_name || '.' || partition));
        EXECUTE format('CREATE TABLE IF NOT EXISTS %1$I.%2$I PARTITION OF %1$I.%3$I FOR VALUES FROM (%4$L) TO (%5$L)',
          schema_name, partition, table_name, first, (first + interval '1 month')::date);
      END $$`);
    await q.query(`REVOKE ALL ON FUNCTION platform.ensure_month_partition(text, text, date) FROM PUBLIC`);
    await q.query(`GRANT EXECUTE ON FUNCTION platform.ensure_month_partition(text, text, date) TO ${APPLICATION_ROLE}`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP SCHEMA platform CASCADE');
  }
}
