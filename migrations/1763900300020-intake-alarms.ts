import type { MigrationInterface, QueryRunner } from 'typeorm';
import { grant } from '../src/platform/database/migration-tools.js';

/** What somebody at the operator must look after in what billing sends, or does not send. */
export class IntakeAlarms1763900300020 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      CREATE TABLE usage.intake_alarm (
        alarm_id uuid PRIMARY KEY,
        key text NOT NULL,
        kind text NOT NULL,
        source text NOT NULL,
        record_kind text,
        business_date date,
        detail jsonb NOT NULL,
        occurrences int NOT NULL,
        raised_at timestamptz NOT NULL,
        last_raised_at timestamptz NOT NULL,
        acknowledged_at timestamptz,
        acknowledged_by text,
        cleared_at timestamptz
      )`);
    await q.query(`CREATE UNIQUE INDEX intake_alarm_open ON usage.intake_alarm (key) WHERE cleared_at IS NULL`);
    await q.query(`CREATE INDEX intake_alarm_raised ON usage.intake_alarm (raised_at)`);
    await grant(q, 'usage.intake_alarm', 'read-write');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP TABLE usage.intake_alarm');
  }
}
