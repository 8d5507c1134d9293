import type { MigrationInterface, QueryRunner } from 'typeorm';

const HOUR = 3600;
const within = (firstAnswerHours: number, solveHours: number) => ({
  firstAnswerSeconds: firstAnswerHours * HOUR,
  solveSeconds: solveHours * HOUR,
});

/** Times of first answer and solution by level, as shipped. The law's outer bounds (48 h, 72 h) are not exceeded. */
export class TicketsFirstServiceLevels1763700600002 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    const targets = {
      DIAMOND: within(2, 24),
      PLATINUM: within(4, 36),
      GOLD: within(4, 36),
      SILVER: within(8, 48),
      HONOURED_GUEST: within(24, 72),
      ORDINARY: within(24, 72),
    };
    await q.query(
      `INSERT INTO tickets.service_level (version, effective_from, targets, severity_percent, author, approved_by, created_at)
       VALUES (1, '2020-01-01T00:00:00+08:00', $1, $2, 'product', 'product-review', '2026-01-01T00:00:00+08:00')`,
      [JSON.stringify(targets), JSON.stringify({ critical: 50, major: 75 })],
    );
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DELETE FROM tickets.service_level WHERE version = 1');
  }
}
