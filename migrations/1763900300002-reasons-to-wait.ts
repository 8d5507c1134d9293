import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A record also waits because its time has not come, or because it came so late that somebody must let it in. */
export class ReasonsToWait1763900300002 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`ALTER TABLE usage.held_record ADD COLUMN of_from timestamptz`);
    await q.query(`ALTER TABLE usage.held_record ADD COLUMN of_until timestamptz`);
    await q.query(`ALTER TABLE usage.held_record ADD COLUMN ready_at timestamptz`);
    await q.query(
      `COMMENT ON COLUMN usage.held_record.of_from IS 'it is of whoever had the number from then to of_until; null: whenever'`,
    );
    await q.query(`ALTER TABLE usage.held_record DROP CONSTRAINT held_record_reason`);
    await q.query(`
      ALTER TABLE usage.held_record ADD CONSTRAINT held_record_reason
      CHECK (reason IN ('UNKNOWN_CUSTOMER', 'UNKNOWN_REFERENCE', 'LATE') OR reason = 'FUTURE' AND ready_at IS NOT NULL)`);
    await q.query(`CREATE INDEX held_record_ready ON usage.held_record (ready_at) WHERE reason = 'FUTURE'`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`DELETE FROM usage.held_record WHERE reason IN ('FUTURE', 'LATE')`);
    await q.query(`ALTER TABLE usage.held_record DROP CONSTRAINT held_record_reason`);
    await q.query(`
      ALTER TABLE usage.held_record ADD CONSTRAINT held_record_reason
      CHECK (reason IN ('UNKNOWN_CUSTOMER', 'UNKNOWN_REFERENCE'))`);
    await q.query(`DROP INDEX usage.held_record_ready`);
    for (const column of ['ready_at', 'of_until', 'of_from']) {
      await q.query(`ALTER TABLE usage.held_record DROP COLUMN ${column}`);
    }
  }
}
