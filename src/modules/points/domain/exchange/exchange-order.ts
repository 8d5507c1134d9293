import type { Purpose } from '../ledger/redemption.js';

/**
 * OPEN: its points are held. Then once: COMPLETED, they were used; REFUSED by BOSS or CANCELLED by people, they came back.
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

/** So many attempts are made in the hours that BOSS may take. */
const QUICK_ATTEMPTS = 16;

/** When an order whose answer is not known is asked for again, in seconds after an attempt (from 1): longer each time, then every hour. */
export const secondsUntilNextAttempt = (attempt: number): number =>
  attempt > QUICK_ATTEMPTS ? 3_600 : Math.min(15 * 2 ** attempt, 600);

/** After that people see an order, and may decide about it. */
export const BOSS_MAY_TAKE_HOURS = 2;
/** Longer than an answer of BOSS is waited for: what is not there then does not come. */
const ANSWER_IS_OVER_AFTER_SECONDS = 60;

export const DECISIONS = ['FULFILLED', 'GIVEN_BACK'] as const;
export type Decision = (typeof DECISIONS)[number];

/** From when on people may decide about an order that BOSS says nothing of; never while an answer may be on its way. */
export const peopleDecideFrom = (waitsSince: Date, askedAt: Date | null): Date =>
  new Date(
    Math.max(
      waitsSince.getTime() + BOSS_MAY_TAKE_HOURS * 3_600_000,
      (askedAt?.getTime() ?? 0) + ANSWER_IS_OVER_AFTER_SECONDS * 1000,
    ),
  );
