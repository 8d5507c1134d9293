import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The answer file names what still waits of a file, by line. */
export class AnswersNameHeldRecords1763900300023 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query('CREATE INDEX held_record_intake ON usage.held_record (intake_id, line_no)');
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DROP INDEX usage.held_record_intake');
  }
}
