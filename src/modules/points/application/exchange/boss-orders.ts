import type { TopUpCard } from '../../domain/exchange/exchange-order.js';

export interface BossOrder {
  /** The same for the same order, however often it is sent: BOSS delivers it once and answers the same each time. */
  readonly orderKey: string;
  /** What BOSS calls the product. */
  readonly product: string;
  readonly valueFen: number;
}

/** What BOSS has done. `unknown`: nobody can say, so nothing may be done but to ask again. */
export type BossAnswer =
  | { readonly said: 'confirmed'; readonly reference: string; readonly card?: TopUpCard }
  | { readonly said: 'refused'; readonly reason: string }
  | { readonly said: 'unknown' };

/** Hands orders for mobile products (移动产品) to billing. What it answers may be worth money: it is never logged. */
export abstract class BossOrders {
  /** False: no order is taken, since nobody would deliver it. */
  abstract readonly isSetUp: boolean;
  /** Never throws: what went wrong is `unknown`. */
  abstract place(order: BossOrder): Promise<BossAnswer>;
}
