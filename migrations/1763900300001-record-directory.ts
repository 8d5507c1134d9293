import type { MigrationInterface, QueryRunner } from 'typeorm';
import { APPLICATION_ROLE } from '../src/platform/database/migration-tools.js';

/**
 * What makes a billing record the same again: source, kind, id and version, over all customers and months. And the way in for many
 * records at once: COPY into the table of the month itself, by a role that may do nothing but that.
 */
export class RecordDirectory1763900300001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    // COPY looks at ids in the order in which billing counts them, so the key is mostly appended to; "C" compares bytes.
    await q.query(`
      CREATE TABLE usage.record_directory (
        customer_id uuid NOT NULL,
        content_hash bigint NOT NULL,
        month date NOT NULL,
        version smallint NOT NULL,
        source text COLLATE "C" NOT NULL,
        kind text COLLATE "C" NOT NULL,
        record_id text COLLATE "C" NOT NULL
      )`);
    for (const { kind, table, id, month } of STORED) {
      await q.query(`
        INSERT INTO usage.record_directory (customer_id, content_hash, month, version, source, kind, record_id)
        SELECT DISTINCT ON (source, ${id}, version) customer_id, content_hash, ${month}, version, source, '${kind}', ${id}
        FROM usage.${table} ORDER BY source, ${id}, version, recorded_at`);
    }
    await q.query(`
      ALTER TABLE usage.record_directory ADD CONSTRAINT record_directory_pkey PRIMARY KEY (source, kind, record_id, version)`);
    await q.query(`GRANT SELECT, INSERT ON usage.record_directory TO ${APPLICATION_ROLE}`);

    // Not the application's own role, whose rights those of requests inherit: a request must not write past the policies.
    await q.query(
      `DO $$ BEGIN CREATE ROLE ${INTAKE_ROLE} NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$`,
    );
    await q.query(
      `DO $$ BEGIN EXECUTE format('GRANT ${INTAKE_ROLE} TO %I', current_user); EXCEPTION WHEN unique_violation THEN NULL; END $$`,
    );
    await q.query(`GRANT USAGE ON SCHEMA usage TO ${INTAKE_ROLE}`);

    // A month is made beside the table and then attached: that locks out neither readers nor writers of the others.
    await q.query(`
      CREATE OR REPLACE FUNCTION platform.ensure_month_partition(schema_name text, table_name text, month date) RETURNS void
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
      DECLARE
        first date := date_trunc('month', month)::date;
        partition text := table_name || to_char(first, '_YYYYMM');
      BEGIN
        IF to_regclass(format('%I.%I', schema_name, partition)) IS NOT NULL THEN RETURN; END IF;
        -- Two loads may open the same month at once.
        PERFORM pg_advisory_xact_lock(hashtext('platform.ensure_month_partition'), hashtext(schema_name || '.' || partition));
        -- Asked of the table: what names stand for is remembered from before the wait.
        IF EXISTS (SELECT FROM pg_class c WHERE c.relname = partition AND c.relnamespace = schema_name::regnamespace) THEN
          RETURN;
        END IF;
        EXECUTE format('CREATE TABLE %1$I.%2$I (LIKE %1$I.%3$I INCLUDING ALL EXCLUDING IDENTITY)', schema_name, partition, table_name);
        EXECUTE format('ALTER TABLE %1$I.%3$I ATTACH PARTITION %1$I.%2$I FOR VALUES FROM (%4$L) TO (%5$L)',
          schema_name, partition, table_name, first, (first + interval '1 month')::date);
      END $$`);
    await q.query(`
      CREATE FUNCTION usage.open_month(month date) RETURNS void
      LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
      BEGIN
        PERFORM platform.ensure_month_partition('usage', 'usage_record', month);
        EXECUTE format('GRANT INSERT ON usage.%I TO ${INTAKE_ROLE}', to_char(month, '"usage_record_"YYYYMM'));
      END $$`);
    await q.query(`REVOKE ALL ON FUNCTION usage.open_month(date) FROM PUBLIC`);
    await q.query(`GRANT EXECUTE ON FUNCTION usage.open_month(date) TO ${APPLICATION_ROLE}`);
    const months = (await q.query(`
      SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'usage.usage_record'::regclass`)) as {
      name: string;
    }[];
    for (const { name } of months) await q.query(`GRANT INSERT ON ${name} TO ${INTAKE_ROLE}`);

    // What a figure was made of: how many records count, and which (the order of their arrival does not change the value).
    await q.query(`ALTER TABLE usage.customer_month ADD COLUMN inputs bigint NOT NULL DEFAULT 0`);
    await q.query(`ALTER TABLE usage.customer_month ADD COLUMN input_xor bigint NOT NULL DEFAULT 0`);
    await q.query(`ALTER TABLE usage.customer_month ADD COLUMN last_recorded_at timestamptz`);
    await q.query(`
      COMMENT ON COLUMN usage.customer_month.input_xor IS
      'exclusive or of the content hashes of the usage, bills and payments that count in the month'`);
    for (const { kind, table, month } of STORED) {
      await q.query(`
        UPDATE usage.customer_month m
        SET inputs = m.inputs + r.inputs, input_xor = m.input_xor # r.input_xor,
          last_recorded_at = greatest(m.last_recorded_at, r.last_recorded_at)
        FROM (
          SELECT customer_id, ${month} AS month, count(*) AS inputs, bit_xor(content_hash) AS input_xor,
            max(recorded_at) AS last_recorded_at
          FROM usage.${table} WHERE is_current ${kind === 'BIL' ? '' : 'AND operation <> 3'} GROUP BY 1, 2
        ) r
        WHERE m.customer_id = r.customer_id AND m.month = r.month`);
    }
  }

  async down(q: QueryRunner): Promise<void> {
    for (const column of ['last_recorded_at', 'input_xor', 'inputs']) {
      await q.query(`ALTER TABLE usage.customer_month DROP COLUMN ${column}`);
    }
    await q.query('DROP FUNCTION usage.open_month(date)');
    await q.query(`REVOKE USAGE ON SCHEMA usage FROM ${INTAKE_ROLE}`);
    await q.query('DROP TABLE usage.record_directory');
  }
}

/** Named in src/modules/usage/persistence/month-partitions.ts. */
const INTAKE_ROLE = 'guibin_intake';

const STORED = [
  { kind: 'USG', table: 'usage_record', id: 'record_id', month: 'month' },
  { kind: 'BIL', table: 'customer_bill', id: 'bill_no', month: 'cycle' },
  { kind: 'PAY', table: 'payment', id: 'payment_id', month: 'month' },
];
