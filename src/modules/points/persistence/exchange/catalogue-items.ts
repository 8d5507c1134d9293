import type { Database, Tx } from '../../../../platform/database/index.js';
import type { CatalogueItem } from '../../domain/exchange/catalogue-item.js';

type Reader = Pick<Database | Tx, 'query'>;

export const ITEM_COLUMNS = `i.item_id AS "itemId", i.kind, i.label, i.points, i.classes::text[] AS classes,
  i.per_points_year AS "perPointsYear", i.boss_product AS "bossProduct", i.benefit, i.units, i.valid_from AS "validFrom",
  i.valid_until AS "validUntil", i.status`;

export async function itemOf(reader: Reader, itemId: string): Promise<CatalogueItem | undefined> {
  const [row] = await reader.query<CatalogueItem>(
    `SELECT ${ITEM_COLUMNS} FROM points.catalogue_item i WHERE i.item_id = $1`,
    [itemId],
  );
  return row;
}

/** Until the transaction ends nobody else changes this item. */
export async function lockItem(tx: Tx, itemId: string): Promise<CatalogueItem | undefined> {
  await tx.query('SELECT FROM points.catalogue_item WHERE item_id = $1 FOR NO KEY UPDATE', [itemId]);
  return itemOf(tx, itemId);
}

/** False when there is one of this id. */
export async function insertItem(tx: Tx, item: CatalogueItem, createdAt: Date): Promise<boolean> {
  const inserted = await tx.execute(
    `INSERT INTO points.catalogue_item (item_id, kind, label, points, classes, per_points_year, boss_product, benefit, units, valid_from,
       valid_until, status, created_at)
     VALUES ($1, $2, $3, $4, $5::points.points_type[], $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT DO NOTHING`,
    [
      item.itemId,
      item.kind,
      JSON.stringify(item.label),
      item.points,
      item.classes,
      item.perPointsYear,
      item.bossProduct,
      item.benefit,
      item.units,
      item.validFrom,
      item.validUntil,
      item.status,
      createdAt,
    ],
  );
  return inserted > 0;
}

/** What of an item may change; orders keep what they cost. */
export type ChangeableOfItem = Pick<
  CatalogueItem,
  'label' | 'points' | 'classes' | 'perPointsYear' | 'validUntil' | 'status'
>;

export async function storeItem(tx: Tx, itemId: string, item: ChangeableOfItem): Promise<void> {
  await tx.execute(
    `UPDATE points.catalogue_item SET label = $2, points = $3, classes = $4::points.points_type[], per_points_year = $5, valid_until = $6,
       status = $7
     WHERE item_id = $1`,
    [itemId, JSON.stringify(item.label), item.points, item.classes, item.perPointsYear, item.validUntil, item.status],
  );
}
