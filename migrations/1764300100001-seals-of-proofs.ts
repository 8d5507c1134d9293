import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a proof has found of the past of the ledger, which can no longer change: the next one need not read it. */
export class SealsOfProofs1764300100001 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query('ALTER TABLE points.proof ADD COLUMN seal jsonb');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('ALTER TABLE points.proof DROP COLUMN seal');
  }
}
