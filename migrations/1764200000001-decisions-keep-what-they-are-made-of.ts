import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What is told of a decision follows from its rules, facts and standing, which it keeps: figures and reasons beside them said it twice,
 * and were more than half of its row.
 */
export class DecisionsKeepWhatTheyAreMadeOf1764200000001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    for (const table of TABLES) await q.query(`ALTER TABLE ${table} DROP COLUMN inputs, DROP COLUMN reasons`);
  }

  async down(q: QueryRunner): Promise<void> {
    // They come back empty: the statement cannot decide again.
    for (const table of TABLES) {
      await q.query(
        `ALTER TABLE ${table} ADD COLUMN inputs json NOT NULL DEFAULT '{}', ADD COLUMN reasons json NOT NULL DEFAULT '[]'`,
      );
      await q.query(`ALTER TABLE ${table} ALTER COLUMN inputs DROP DEFAULT, ALTER COLUMN reasons DROP DEFAULT`);
    }
  }
}

const TABLES = ['tiering.tier_decision', 'tiering.pending_downgrade'] as const;
