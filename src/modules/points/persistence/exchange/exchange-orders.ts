import type { Database, Tx } from '../../../../platform/database/index.js';
import type { ExchangeOrder } from '../../domain/exchange/exchange-order.js';

type Reader = Pick<Database | Tx, 'query'>;

export const ORDER_COLUMNS = `o.order_id AS "orderId", o.customer_id AS "customerId", o.item_id AS "itemId", o.kind, o.points, o.channel,
  o.status, o.ordered_at AS "orderedAt", o.ended_at AS "endedAt", o.boss_reference AS "bossReference", o.refusal,
  o.card_sealed IS NOT NULL AS "hasCard", o.card_shown_at AS "cardShownAt"`;

export interface NewOrder extends Pick<
  ExchangeOrder,
  'orderId' | 'customerId' | 'itemId' | 'kind' | 'points' | 'channel' | 'status' | 'orderedAt'
> {
  readonly pointsYear: number;
  readonly idemKey: string;
  readonly requestHash: string;
  readonly orderedBy: string;
}

export async function insertOrder(tx: Tx, order: NewOrder): Promise<ExchangeOrder> {
  const [row] = await tx.query<ExchangeOrder>(
    `INSERT INTO points.exchange_order AS o (customer_id, order_id, item_id, kind, points, points_year, channel, status, idem_key,
       request_hash, ordered_by, ordered_at, ended_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, CASE WHEN $8 <> 'OPEN' THEN $12::timestamptz END)
     RETURNING ${ORDER_COLUMNS}`,
    [
      order.customerId,
      order.orderId,
      order.itemId,
      order.kind,
      order.points,
      order.pointsYear,
      order.channel,
      order.status,
      order.idemKey,
      order.requestHash,
      order.orderedBy,
      order.orderedAt,
    ],
  );
  if (!row) throw new Error('An order was inserted');
  return row;
}

/** The order that was placed under a key, and what the request said. */
export async function orderWithKey(
  reader: Reader,
  customerId: string,
  idemKey: string,
): Promise<(ExchangeOrder & { readonly requestHash: string }) | undefined> {
  const [row] = await reader.query<ExchangeOrder & { readonly requestHash: string }>(
    `SELECT ${ORDER_COLUMNS}, o.request_hash AS "requestHash" FROM points.exchange_order o WHERE o.customer_id = $1 AND o.idem_key = $2`,
    [customerId, idemKey],
  );
  return row;
}

export async function orderWithId(
  reader: Reader,
  customerId: string,
  orderId: string,
): Promise<ExchangeOrder | undefined> {
  const [row] = await reader.query<ExchangeOrder>(
    `SELECT ${ORDER_COLUMNS} FROM points.exchange_order o WHERE o.customer_id = $1 AND o.order_id = $2`,
    [customerId, orderId],
  );
  return row;
}

export type LockedOrder = ExchangeOrder & { readonly cardSealed: Buffer | null; readonly cardShownTo: string | null };

/** Until the transaction ends nobody else changes this order. */
export async function lockOrder(tx: Tx, customerId: string, orderId: string): Promise<LockedOrder | undefined> {
  const [row] = await tx.query<LockedOrder>(
    `SELECT ${ORDER_COLUMNS}, o.card_sealed AS "cardSealed", o.card_shown_to AS "cardShownTo" FROM points.exchange_order o
     WHERE o.customer_id = $1 AND o.order_id = $2 FOR NO KEY UPDATE`,
    [customerId, orderId],
  );
  return row;
}

/** How often a customer has this item, or is about to, in a points year. */
export async function countOrders(tx: Tx, customerId: string, itemId: string, pointsYear: number): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM points.exchange_order
     WHERE customer_id = $1 AND item_id = $2 AND points_year = $3 AND status IN ('OPEN', 'COMPLETED')`,
    [customerId, itemId, pointsYear],
  );
  return row?.n ?? 0;
}

export interface Ending extends Pick<ExchangeOrder, 'status'> {
  readonly endedAt: Date;
  readonly bossReference?: string | undefined;
  readonly refusal?: string | undefined;
  readonly cardSealed?: Buffer | undefined;
}

/** Ends a locked order. */
export async function storeEnding(
  tx: Tx,
  { customerId, orderId }: Pick<ExchangeOrder, 'customerId' | 'orderId'>,
  { status, endedAt, bossReference, refusal, cardSealed }: Ending,
): Promise<void> {
  await tx.execute(
    `UPDATE points.exchange_order SET status = $3, ended_at = $4, boss_reference = $5, refusal = $6, card_sealed = $7
     WHERE customer_id = $1 AND order_id = $2`,
    [customerId, orderId, status, endedAt, bossReference ?? null, refusal ?? null, cardSealed ?? null],
  );
}

/** To whom the card of a locked order is shown first. */
export async function keepFirstLook(
  tx: Tx,
  { customerId, orderId }: Pick<ExchangeOrder, 'customerId' | 'orderId'>,
  { at, by }: { readonly at: Date; readonly by: string },
): Promise<void> {
  await tx.execute(
    'UPDATE points.exchange_order SET card_shown_at = $3, card_shown_to = $4 WHERE customer_id = $1 AND order_id = $2',
    [customerId, orderId, at, by],
  );
}

const FIRST_SHOWN_BEFORE = 'card_sealed IS NOT NULL AND card_shown_at < $1';

export async function countShownCards(tx: Tx, before: Date): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM points.exchange_order WHERE ${FIRST_SHOWN_BEFORE}`,
    [before],
  );
  return row?.n ?? 0;
}

export function forgetShownCards(tx: Tx, before: Date): Promise<number> {
  return tx.execute(`UPDATE points.exchange_order SET card_sealed = NULL WHERE ${FIRST_SHOWN_BEFORE}`, [before]);
}

export async function forgetCardsOf(tx: Tx, customerId: string): Promise<void> {
  await tx.execute(
    'UPDATE points.exchange_order SET card_sealed = NULL WHERE customer_id = $1 AND card_sealed IS NOT NULL',
    [customerId],
  );
}

/** In one order for all who lock several of a customer's. */
export function lockOpenOrdersOfGoods(tx: Tx, customerId: string): Promise<readonly ExchangeOrder[]> {
  return tx.query<ExchangeOrder>(
    `SELECT ${ORDER_COLUMNS} FROM points.exchange_order o
     WHERE o.customer_id = $1 AND o.kind = 'GOODS' AND o.status = 'OPEN' ORDER BY o.order_id FOR NO KEY UPDATE`,
    [customerId],
  );
}
