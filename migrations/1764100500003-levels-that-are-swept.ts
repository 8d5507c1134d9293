import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One level in a hundred changes with a review, on nearly every page: the default (a fifth of the table) would come after many of them. */
export class LevelsThatAreSwept1764100500003 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query('ALTER TABLE tiering.tier_assignment SET (autovacuum_vacuum_scale_factor = 0.01)');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('ALTER TABLE tiering.tier_assignment RESET (autovacuum_vacuum_scale_factor)');
  }
}
