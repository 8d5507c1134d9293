import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The rules that the product ships with. From the documents of the programme: one point for a yuan, factors of silver,
 * gold and diamond, the threshold of 3,500, nothing left to expire before its 36th month has ended. Chosen by us: platinum
 * stands between gold and diamond, an honoured guest earns as an ordinary customer, fractions are rounded up, as the
 * operators have done since 2012.
 */
export class PointsFirstEarnRuleSet1763700500003 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    await q.query(
      `INSERT INTO points.earn_rule_set (version, effective_from, rules, author, approved_by, created_at)
       VALUES (1, '2021-05-01', $1, 'product', 'product', '2025-01-01T00:00:00+08:00')`,
      [
        JSON.stringify({
          fenPerPoint: 100,
          rounding: 'CEIL',
          factorPercent: { ORDINARY: 100, HONOURED_GUEST: 100, SILVER: 150, GOLD: 180, PLATINUM: 190, DIAMOND: 200 },
          expiry: 'LOT_36_MONTHS',
          joinAbove: 3500,
        }),
      ],
    );
  }

  async down(q: QueryRunner): Promise<void> {
    await q.query('DELETE FROM points.earn_rule_set WHERE version = 1');
  }
}
