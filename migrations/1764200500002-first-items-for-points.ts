import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What is shipped to exchange points for: a default of this product (docs/points-exchange.md). The source documents name the ways (积分享福,
 * 积分加油站) and give no list. A card of 50 yuan costs what 50 yuan are worth; what services cost is a default.
 */
export class FirstItemsForPoints1764200500002 implements MigrationInterface {
  async up(q: QueryRunner): Promise<void> {
    for (const { id, kind, en, zh, points, classes, bossProduct, benefit, perYear } of SHIPPED) {
      await q.query(
        `INSERT INTO points.catalogue_item (item_id, kind, label, points, classes, per_points_year, boss_product, benefit, units, valid_from,
           created_at)
         VALUES ($1, $2, $3, $4, $5::points.points_type[], $6, $7, $8, CASE WHEN $8::text IS NOT NULL THEN 1 END, '2020-01-01',
           '2026-01-01T00:00:00+08:00')`,
        [id, kind, JSON.stringify({ en, zh }), points, classes, perYear, bossProduct, benefit],
      );
      if (kind !== 'SERVICE') {
        await q.query(
          `INSERT INTO points.stock (item_id, stripe, on_hand) SELECT $1, stripe, 0 FROM generate_series(0, 7) AS s (stripe)`,
          [id],
        );
      }
    }
  }

  async down(q: QueryRunner): Promise<void> {
    const ids = SHIPPED.map(({ id }) => id);
    await q.query('DELETE FROM points.stock WHERE item_id = ANY ($1)', [ids]);
    await q.query('DELETE FROM points.catalogue_item WHERE item_id = ANY ($1)', [ids]);
  }
}

// prettier-ignore
const SHIPPED = [
  { id: 'TOP_UP_CARD_50', kind: 'MOBILE_PRODUCT', en: 'Top-up card of 50 yuan', zh: '50元缴费卡', points: 2_500, classes: null,
    bossProduct: 'CARD50', benefit: null, perYear: 12 },
  { id: 'LOUNGE_VISIT', kind: 'SERVICE', en: 'One visit of an airport lounge', zh: '机场贵宾厅一次', points: 5_000, classes: null,
    bossProduct: null, benefit: 'AIRPORT_LOUNGE', perYear: 6 },
  { id: 'SIM_BACKUP_ONCE', kind: 'SERVICE', en: 'One SIM backup', zh: 'SIM卡备份一次', points: 500, classes: null,
    bossProduct: null, benefit: 'SIM_BACKUP', perYear: null },
];
