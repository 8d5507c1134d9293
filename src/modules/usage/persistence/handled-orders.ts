import type { Tx } from '../../../platform/database/index.js';
import type { Comparison, Difference, Expectation, OrderType, Verdict } from '../domain/handled-order.js';

export interface NewOrder {
  readonly orderId: string;
  readonly source: string;
  readonly orderNo: string;
  readonly msisdnIndex: Buffer;
  readonly province: string;
  readonly orderType: OrderType;
  readonly handledAt: Date;
  readonly effectiveFrom: Date;
  readonly deadline: Date;
  readonly expected: Expectation;
  readonly contentHash: Buffer;
  readonly reportedAt: Date;
}

export interface OrderRow {
  readonly order_id: string;
  readonly source: string;
  readonly order_no: string;
  readonly customer_id: string | null;
  readonly province: string;
  readonly order_type: OrderType;
  readonly handled_at: Date;
  readonly effective_from: Date;
  readonly deadline: Date;
  readonly expected: Expectation;
  readonly reported_at: Date;
  readonly verdict: Verdict;
  readonly differences: readonly Difference[];
  readonly compared_at: Date | null;
  readonly differs_since: Date | null;
  readonly owner_id: string | null;
  readonly resolution: string | null;
  readonly resolved_at: Date | null;
  readonly resolved_by: string | null;
}

export const ORDER_COLUMNS = `o.order_id, o.source, o.order_no, o.customer_id, o.province, o.order_type, o.handled_at, o.effective_from,
  o.deadline, o.expected, o.reported_at, o.verdict, o.differences, o.compared_at, o.differs_since, o.owner_id, o.resolution,
  o.resolved_at, o.resolved_by`;

/** Stores an order unless it is known; answers the id and the content of what is stored under its number. */
export async function keepOrder(
  tx: Tx,
  order: NewOrder,
): Promise<{ readonly orderId: string; readonly contentHash: Buffer }> {
  await tx.execute(
    `INSERT INTO usage.handled_order (source, order_no, order_id, msisdn_index, province, order_type, handled_at, effective_from,
       deadline, expected, content_hash, reported_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (source, order_no) DO NOTHING`,
    [
      order.source, order.orderNo, order.orderId, order.msisdnIndex, order.province, order.orderType, order.handledAt,
      order.effectiveFrom, order.deadline, JSON.stringify(order.expected), order.contentHash, order.reportedAt,
    ],
  ); // prettier-ignore
  const [kept] = await tx.query<{ orderId: string; contentHash: Buffer }>(
    `SELECT order_id AS "orderId", content_hash AS "contentHash" FROM usage.handled_order WHERE source = $1 AND order_no = $2`,
    [order.source, order.orderNo],
  );
  if (!kept) throw new Error('An order that was stored is there');
  return kept;
}

/**
 * Finds the customers of orders about numbers that BOSS had not told of when they were reported. A number that is opened belongs to
 * whom it was activated for then, and not to who had it before.
 */
export async function placeOrders(tx: Tx, orderId?: string): Promise<void> {
  await tx.execute(
    `UPDATE usage.handled_order o SET customer_id = found.customer_id
     FROM (
       SELECT w.source, w.order_no, COALESCE(opened.customer_id, holder.customer_id) AS customer_id
       FROM usage.handled_order w
       LEFT JOIN LATERAL (
         SELECT customer_id FROM customers.subscription_state s
         WHERE w.order_type = 'OPENING' AND s.msisdn_index = w.msisdn_index
           AND s.activated_on >= (w.handled_at AT TIME ZONE 'Asia/Shanghai')::date
         ORDER BY s.activated_on LIMIT 1
       ) opened ON true
       LEFT JOIN customers.number_directory holder ON w.order_type <> 'OPENING' AND holder.msisdn_index = w.msisdn_index
       WHERE w.customer_id IS NULL AND w.resolved_at IS NULL AND ($1::uuid IS NULL OR w.order_id = $1)
     ) found
     WHERE o.source = found.source AND o.order_no = found.order_no AND o.customer_id IS NULL
       AND found.customer_id IS NOT NULL`,
    [orderId ?? null],
  );
}

/** Which open orders are compared: those of a slice of customers, those of nobody yet, or one. */
export type Whose = { readonly from: string; readonly to: string } | 'nobody' | { readonly orderId: string };

/** Orders that may still change: not yet judged, or differing and not resolved. */
const IS_OPEN = `o.verdict IN ('PENDING', 'DIFFERENT', 'MISSING') AND o.resolved_at IS NULL`;

/** BOSS's clock and those of the halls are not the same. */
const TOLERANCE = `interval '5 minutes'`;

export interface OpenOrder extends Comparison {
  readonly source: string;
  readonly orderNo: string;
  readonly verdict: Verdict;
  readonly differences: readonly Difference[];
}

/** Reads open orders with what BOSS says of their numbers, and holds them until the transaction ends. */
export async function openOrders(tx: Tx, whose: Whose, now: Date): Promise<readonly OpenOrder[]> {
  const [where, params] = conditionOf(whose);
  return tx.query<OpenOrder & Record<string, unknown>>(
    `SELECT o.source, o.order_no AS "orderNo", o.verdict, o.differences, o.expected, o.deadline,
       CASE WHEN s.customer_id IS NOT NULL THEN jsonb_build_object('status', upper(replace(s.status, '-', '_')),
         'tariffCode', s.tariff_code, 'packageFeeFen', s.package_fee_fen, 'simKind', s.sim_kind) END AS said,
       EXISTS (SELECT FROM usage.subscription_record r WHERE r.msisdn_index = o.msisdn_index
         AND r.customer_id = o.customer_id AND r.event_time >= o.handled_at - ${TOLERANCE}) AS "hasSpokenSince",
       EXISTS (SELECT FROM usage.handled_order later WHERE later.customer_id = o.customer_id
         AND later.msisdn_index = o.msisdn_index AND (later.effective_from, later.handled_at) > (o.effective_from, o.handled_at)
         AND later.effective_from <= $1 AND later.expected ?| ARRAY(SELECT jsonb_object_keys(o.expected))) AS "isOvertaken"
     FROM usage.handled_order o
     LEFT JOIN customers.subscription_state s ON s.customer_id = o.customer_id AND s.msisdn_index = o.msisdn_index
     WHERE ${IS_OPEN} AND o.effective_from <= $1 AND ${where}
     ORDER BY o.source, o.order_no FOR UPDATE OF o`,
    [now, ...params],
  );
}

function conditionOf(whose: Whose): readonly [string, readonly unknown[]] {
  if (whose === 'nobody') return ['o.customer_id IS NULL', []];
  if ('orderId' in whose) return ['o.order_id = $2', [whose.orderId]];
  return ['o.customer_id >= $2 AND o.customer_id < $3', [whose.from, whose.to]];
}

export interface Judged {
  readonly source: string;
  readonly orderNo: string;
  readonly verdict: Verdict;
  readonly differences: readonly Difference[];
}

/** Writes what was found anew. Since when an order differs stays, as long as it does. */
export async function keepVerdicts(tx: Tx, judged: readonly Judged[], now: Date): Promise<void> {
  if (judged.length === 0) return;
  await tx.execute(
    `UPDATE usage.handled_order o SET verdict = j.verdict, differences = j.differences, compared_at = $2,
       differs_since = CASE WHEN j.verdict IN ('DIFFERENT', 'MISSING') THEN COALESCE(o.differs_since, $2) END
     FROM jsonb_to_recordset($1::jsonb) AS j (source text, "orderNo" text, verdict text, differences jsonb)
     WHERE o.source = j.source AND o.order_no = j."orderNo"`,
    [JSON.stringify(judged), now],
  );
}

export interface Handling {
  readonly ownerId: string | null;
  readonly resolution: string | null;
  readonly resolvedAt: Date | null;
  readonly resolvedBy: string | null;
}

export async function keepHandling(tx: Tx, orderId: string, handling: Handling): Promise<void> {
  await tx.execute(
    `UPDATE usage.handled_order SET owner_id = $2, resolution = $3, resolved_at = $4, resolved_by = $5 WHERE order_id = $1`,
    [orderId, handling.ownerId, handling.resolution, handling.resolvedAt, handling.resolvedBy],
  );
}

/** The order as the reader's scope shows it. */
export async function orderById(
  reader: Pick<Tx, 'query'>,
  orderId: string,
  forUpdate = false,
): Promise<OrderRow | undefined> {
  const [row] = await reader.query<OrderRow & Record<string, unknown>>(
    `SELECT ${ORDER_COLUMNS} FROM usage.handled_order o WHERE o.order_id = $1 ${forUpdate ? 'FOR UPDATE' : ''}`,
    [orderId],
  );
  return row;
}

/** The orders of somebody who was erased keep what was handled and when, and no number. */
export const forgetOrderNumbers = (tx: Tx, customerId: string): Promise<number> =>
  tx.execute(`UPDATE usage.handled_order SET msisdn_index = '' WHERE customer_id = $1`, [customerId]);
