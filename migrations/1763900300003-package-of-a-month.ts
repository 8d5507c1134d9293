import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Of two snapshots of one moment the later version names the package of the month, whichever came first. */
export class PackageOfAMonth1763900300003 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`ALTER TABLE usage.customer_month ADD COLUMN subscribed_version smallint`);
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`ALTER TABLE usage.customer_month DROP COLUMN subscribed_version`);
  }
}
