import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A budget that is set during the year first writes down who uses it, and limits nobody; so what was used before can be counted while
 * others go on. Its limit holds as soon as that is known.
 */
export class BudgetsThatAreBeingCounted1764200903002 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query('ALTER TABLE points.budget ADD COLUMN is_counted boolean NOT NULL DEFAULT true');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('ALTER TABLE points.budget DROP COLUMN is_counted');
  }
}
