import type { Tx } from '../../../../platform/database/index.js';

export interface OrderToSend {
  readonly orderId: string;
  readonly customerId: string;
  readonly product: string;
  readonly valueFen: number;
}

export interface ClaimedOrder extends OrderToSend {
  /** Which attempt this is, from 1. */
  readonly attempt: number;
}

export async function insertOrderToSend(tx: Tx, order: OrderToSend, at: Date): Promise<void> {
  await tx.execute(
    `INSERT INTO points.order_to_send (order_id, customer_id, product, value_fen, next_attempt_at, waits_since)
     VALUES ($1, $2, $3, $4, $5, $5)`,
    [order.orderId, order.customerId, order.product, order.valueFen, at],
  );
}

/** Takes the order that waits longest, for one attempt. Several who look at once take different ones. */
export async function claimOrderToSend(
  tx: Tx,
  now: Date,
  untilNextAttempt: (attempt: number) => Date,
): Promise<ClaimedOrder | undefined> {
  const [due] = await tx.query<ClaimedOrder>(
    `SELECT order_id AS "orderId", customer_id AS "customerId", product, value_fen AS "valueFen", attempts + 1 AS attempt
     FROM points.order_to_send WHERE next_attempt_at <= $1 ORDER BY next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED`,
    [now],
  );
  if (!due) return undefined;
  await tx.execute(
    'UPDATE points.order_to_send SET attempts = $2, next_attempt_at = $3, asked_at = $4 WHERE order_id = $1',
    [due.orderId, due.attempt, untilNextAttempt(due.attempt), now],
  );
  return due;
}

/** Until the transaction ends BOSS is not asked about this order. */
export async function lockOrderToSend(
  tx: Tx,
  orderId: string,
): Promise<{ readonly waitsSince: Date; readonly askedAt: Date | null } | undefined> {
  const [row] = await tx.query<{ readonly waitsSince: Date; readonly askedAt: Date | null }>(
    `SELECT waits_since AS "waitsSince", asked_at AS "askedAt" FROM points.order_to_send WHERE order_id = $1 FOR UPDATE`,
    [orderId],
  );
  return row;
}

/** When the first of the orders was placed that wait since then or longer. */
export async function longestWait(tx: Tx, since: Date): Promise<Date | undefined> {
  const [row] = await tx.query<{ readonly longest: Date | null }>(
    'SELECT min(waits_since) AS longest FROM points.order_to_send WHERE waits_since <= $1',
    [since],
  );
  return row?.longest ?? undefined;
}

export async function deleteOrderToSend(tx: Tx, orderId: string): Promise<void> {
  await tx.execute('DELETE FROM points.order_to_send WHERE order_id = $1', [orderId]);
}
