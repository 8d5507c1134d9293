import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What is told of a decision follows from its rules, facts and standing, which it keeps: figures and reasons beside them said it twice,
 * and were more than half of its row. The first decisions kept no facts: what they said stays.
 */
export class DecisionsKeepWhatTheyAreMadeOf1764200000001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query('ALTER TABLE tiering.tier_decision ADD COLUMN told json');
    await q.query(`
      UPDATE tiering.tier_decision SET told = json_build_object('inputs', inputs, 'reasons', reasons)
      WHERE facts IS NULL OR standing IS NULL`);
    await q.query('ALTER TABLE tiering.tier_decision DROP COLUMN inputs, DROP COLUMN reasons');
    await q.query('ALTER TABLE tiering.pending_downgrade DROP COLUMN inputs, DROP COLUMN reasons');
  }

  async down(q: QueryRunner): Promise<void> {
    // They come back empty where they follow from facts: the statement cannot decide again.
    for (const table of ['tiering.tier_decision', 'tiering.pending_downgrade']) {
      await q.query(
        `ALTER TABLE ${table} ADD COLUMN inputs json NOT NULL DEFAULT '{}', ADD COLUMN reasons json NOT NULL DEFAULT '[]'`,
      );
      await q.query(`ALTER TABLE ${table} ALTER COLUMN inputs DROP DEFAULT, ALTER COLUMN reasons DROP DEFAULT`);
    }
    await q.query(
      `UPDATE tiering.tier_decision SET inputs = told -> 'inputs', reasons = told -> 'reasons' WHERE told IS NOT NULL`,
    );
    await q.query('ALTER TABLE tiering.tier_decision DROP COLUMN told');
  }
}
