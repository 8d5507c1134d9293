import type { Tx } from '../../../../platform/database/index.js';

/**
 * The stock of an item is shared out over so many rows. Whoever takes a piece holds its row until the commit is on the disk: in one row all
 * orders of an item would stand in line for that, here each takes a row that nobody holds. A conditional UPDATE and a CHECK keep every row
 * from falling below zero.
 */
export const STRIPES = 8;

export async function openStock(tx: Tx, itemId: string): Promise<void> {
  await tx.execute(
    `INSERT INTO points.stock (item_id, stripe, on_hand) SELECT $1, stripe, 0 FROM generate_series(0, $2::int - 1) AS s (stripe)`,
    [itemId, STRIPES],
  );
}

/** Takes one piece; false when none is left. Take nothing else of any stock in the same transaction. */
export async function takeOne(tx: Tx, itemId: string): Promise<boolean> {
  const taken = await tx.execute(
    `WITH free AS MATERIALIZED (
       SELECT stripe FROM points.stock WHERE item_id = $1 AND on_hand > 0 LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
     )
     UPDATE points.stock s SET on_hand = s.on_hand - 1 FROM free WHERE s.item_id = $1 AND s.stripe = free.stripe`,
    [itemId],
  );
  if (taken > 0) return true;
  // All that is left is in the hands of others, who may yet give it back: wait for them, one row after the other.
  for (let stripe = 0; stripe < STRIPES; stripe++) {
    const waited = await tx.execute(
      `UPDATE points.stock SET on_hand = on_hand - 1 WHERE item_id = $1 AND stripe = $2 AND on_hand > 0`,
      [itemId, stripe],
    );
    if (waited > 0) return true;
  }
  return false;
}

/** Puts one piece back, into the row that follows from the order: those who come back at once do not meet in one. */
export async function putBack(tx: Tx, itemId: string, orderId: string): Promise<void> {
  await tx.execute('UPDATE points.stock SET on_hand = on_hand + 1 WHERE item_id = $1 AND stripe = $2', [
    itemId,
    parseInt(orderId.slice(-2), 16) % STRIPES,
  ]);
}

export interface Delivery {
  readonly itemId: string;
  /** Number of the delivery note. */
  readonly deliveryNo: string;
  /** Pieces that come, below zero those that go. */
  readonly quantity: number;
}

/** False when this delivery was entered before. */
export async function insertDelivery(tx: Tx, delivery: Delivery, by: string, at: Date): Promise<boolean> {
  const inserted = await tx.execute(
    `INSERT INTO points.stock_delivery (item_id, delivery_no, quantity, delivered_by, delivered_at)
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING`,
    [delivery.itemId, delivery.deliveryNo, delivery.quantity, by, at],
  );
  return inserted > 0;
}

export async function quantityDelivered(tx: Tx, itemId: string, deliveryNo: string): Promise<number | undefined> {
  const [row] = await tx.query<{ quantity: number }>(
    'SELECT quantity FROM points.stock_delivery WHERE item_id = $1 AND delivery_no = $2',
    [itemId, deliveryNo],
  );
  return row?.quantity;
}

/** What lies in stock, once all who take or put back are done; it stays so until the transaction ends. */
export async function lockStock(tx: Tx, itemId: string): Promise<number> {
  const rows = await tx.query<{ on_hand: number }>(
    'SELECT on_hand FROM points.stock WHERE item_id = $1 ORDER BY stripe FOR NO KEY UPDATE',
    [itemId],
  );
  return rows.reduce((sum, { on_hand }) => sum + on_hand, 0);
}

/** Shares out a locked stock anew. */
export async function shareOut(tx: Tx, itemId: string, onHand: number): Promise<void> {
  await tx.execute(
    `UPDATE points.stock SET on_hand = $2::int / $3::int + CASE WHEN stripe < $2::int % $3::int THEN 1 ELSE 0 END WHERE item_id = $1`,
    [itemId, onHand, STRIPES],
  );
}

/** SQL of what lies in stock of an item `i`; null where none is kept. */
export const ON_HAND = '(SELECT sum(s.on_hand)::int FROM points.stock s WHERE s.item_id = i.item_id)';
