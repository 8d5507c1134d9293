import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What people write into a ticket, its notes and its changes is sealed in one envelope, under the secret of the ticket's customer.
 * The plain columns hold what is not sealed yet.
 */
export class SealedTicketText1763800600030 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(`
      ALTER TABLE tickets.ticket ADD COLUMN words_sealed bytea, ALTER COLUMN description DROP NOT NULL,
        ALTER COLUMN related_party DROP NOT NULL, ALTER COLUMN extension DROP NOT NULL`);
    await q.query(`ALTER TABLE tickets.note ALTER COLUMN text DROP NOT NULL`);
    // What an earlier release wrote is sealed by the first worker that looks for unfinished runs.
    await q.query(`
      INSERT INTO platform.run (run_id, kind, run_key, as_of, parameters)
      SELECT gen_random_uuid(), 'tickets.seal-words', 'sealed-ticket-text', (now() AT TIME ZONE 'Asia/Shanghai')::date, '{}'
      WHERE EXISTS (SELECT FROM tickets.ticket)`);
  }

  /** Sealed words are lost to an earlier release. */
  async down(q: QueryRunner): Promise<void> {
    await q.query(`DELETE FROM platform.run WHERE kind = 'tickets.seal-words'`);
    await q.query(`UPDATE tickets.note SET text = '' WHERE text IS NULL`);
    await q.query(`
      UPDATE tickets.ticket SET description = COALESCE(description, ''), related_party = COALESCE(related_party, '[]'),
        extension = COALESCE(extension, '{}')
      WHERE description IS NULL OR related_party IS NULL OR extension IS NULL`);
    await q.query(`ALTER TABLE tickets.note ALTER COLUMN text SET NOT NULL`);
    await q.query(`
      ALTER TABLE tickets.ticket DROP COLUMN words_sealed, ALTER COLUMN description SET NOT NULL,
        ALTER COLUMN related_party SET NOT NULL, ALTER COLUMN extension SET NOT NULL`);
  }
}
