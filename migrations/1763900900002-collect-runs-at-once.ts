import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The entries of a run are taken in by one statement: customer by customer, each part would read the entries of all runs. */
export class CollectRunsAtOnce1763900900002 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query('ALTER TABLE boss_feed.collection DROP COLUMN after_customer');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query(`
      ALTER TABLE boss_feed.collection
      ADD COLUMN after_customer uuid NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000'`);
  }
}
