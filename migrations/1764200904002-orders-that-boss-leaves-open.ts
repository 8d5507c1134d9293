import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How long BOSS has been silent about an order, and when it was asked last: people decide about what it leaves open. */
export class OrdersThatBossLeavesOpen1764200904002 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    // Orders that wait already begin to wait now.
    await q.query(`
      ALTER TABLE points.order_to_send ADD COLUMN waits_since timestamptz NOT NULL DEFAULT now(), ADD COLUMN asked_at timestamptz`);
    await q.query(`ALTER TABLE points.order_to_send ALTER COLUMN waits_since DROP DEFAULT`);
    await q.query(`CREATE INDEX order_to_send_waits ON points.order_to_send (waits_since)`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`ALTER TABLE points.order_to_send DROP COLUMN waits_since, DROP COLUMN asked_at`);
  }
}
