import type { Purpose } from '../ledger/redemption.js';

/**
 * OPEN: its points are held. Then once: COMPLETED, they were used; REFUSED by BOSS or CANCELLED by the customer, they came back.
 * A service is completed at once.
 */
export const ORDER_STATUSES = ['OPEN', 'COMPLETED', 'REFUSED', 'CANCELLED'] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** One exchange of points for one item (兑换订单). */
export interface ExchangeOrder {
  readonly orderId: string;
  readonly customerId: string;
  readonly itemId: string;
  readonly kind: Purpose;
  /** What it cost on its day. */
  readonly points: number;
  readonly channel: string;
  readonly status: OrderStatus;
  readonly orderedAt: Date;
  readonly endedAt: Date | null;
  /** What BOSS calls it. */
  readonly bossReference: string | null;
  /** Why BOSS refused it: a code. */
  readonly refusal: string | null;
  /** A card waits to be shown, or to be shown again. */
  readonly hasCard: boolean;
  /** The first time. */
  readonly cardShownAt: Date | null;
}

/** What a customer tops up with (缴费卡): worth money to whoever reads it. */
export interface TopUpCard {
  readonly cardNumber: string;
  readonly secret: string;
}

/** Also the term of the retention class `points.shown-card`. */
export const CARD_CAN_BE_SHOWN_HOURS = 72;

export const cardCanBeShown = (firstShownAt: Date, now: Date): boolean =>
  now.getTime() - firstShownAt.getTime() < CARD_CAN_BE_SHOWN_HOURS * 3_600_000;

/** When an order whose answer is not known is asked for again, in seconds after an attempt (from 1): longer each time, never given up. */
export const secondsUntilNextAttempt = (attempt: number): number => Math.min(15 * 2 ** Math.min(attempt, 6), 600);
