import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../../platform/clock/index.js';
import { isId, newId, Transaction } from '../../../../platform/database/index.js';
import { CustomerNotFound } from '../../../customers/index.js';
import { assertOnOffer, assertWithinLimit, type CatalogueItem } from '../../domain/exchange/catalogue-item.js';
import type { ExchangeOrder } from '../../domain/exchange/exchange-order.js';
import { valueInFen } from '../../domain/ledger/points-value.js';
import { pointsYear } from '../../domain/ledger/points-year.js';
import { InsufficientPoints, KeyReused } from '../../domain/ledger/refusals.js';
import {
  BossTakesNoOrders,
  SoldOut,
  TooFewOfTheseClasses,
  UnknownItem,
} from '../../domain/exchange/refusals-of-exchange.js';
import { requestHash } from '../../domain/ledger/request-hash.js';
import { takeFromBudgets } from '../../persistence/money/budgets.js';
import { itemOf } from '../../persistence/exchange/catalogue-items.js';
import { countOrders, insertOrder, orderWithKey } from '../../persistence/exchange/exchange-orders.js';
import { insertOrderToSend } from '../../persistence/exchange/orders-to-send.js';
import { SingleOperations } from '../../persistence/ledger/single-operations.js';
import { takeOne } from '../../persistence/exchange/stock.js';
import { BossOrders } from './boss-orders.js';

export interface AskedExchange {
  readonly customerId: string;
  readonly itemId: string;
  /** Where the customer asked: hotline, hall, … */
  readonly channel: string;
  readonly actorId: string;
  /** What the client calls this request; the same again is the same order. Ours alone when absent. */
  readonly key: string | undefined;
}

/** The hold of an order ends with the order, and by nothing else: whether BOSS has delivered, no clock can tell. */
const NEVER = new Date('9999-12-31T00:00:00Z');

/**
 * Orders a mobile product or goods for points (积分加油站): the points are held, a piece is taken out of stock and the order is there, all of it
 * or nothing. The order ends later: by what BOSS says, at the counter, or by its cancellation.
 */
@Injectable()
export class PlaceOrder {
  constructor(
    private readonly transaction: Transaction,
    private readonly ledger: SingleOperations,
    private readonly boss: BossOrders,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws CustomerNotFound, UnknownItem, ItemOfAnotherKind, ItemNotOnOffer, BossTakesNoOrders, ItemLimitReached, SoldOut, KeyReused,
   *   AccountClosed, AccountFrozen, RealNameNeeded, KeyPersonNeeded, BelowThreshold, InsufficientPoints, TooFewOfTheseClasses, BudgetUsedUp
   */
  async execute({ customerId, itemId, channel, actorId, key }: AskedExchange): Promise<ExchangeOrder> {
    if (!isId(customerId)) throw new CustomerNotFound();
    const orderedAt = this.clock.now();
    const day = businessDate(orderedAt);
    const year = pointsYear(day);
    const orderId = newId();
    const asked = { idemKey: idemKeyOf(actorId, key ?? orderId), requestHash: requestHash(itemId, channel) };
    return this.transaction.run(async (tx) => {
      const known = await orderWithKey(tx, customerId, asked.idemKey);
      if (known) return sameOrder(known, asked);
      const item = await itemOf(tx, itemId);
      if (!item) throw new UnknownItem(itemId);
      assertOnOffer(item, { kinds: ['MOBILE_PRODUCT', 'GOODS'], day });
      if (item.bossProduct !== null && !this.boss.isSetUp) throw new BossTakesNoOrders();
      const { points, kind } = item;
      // From here on no other order of this customer is under way: the account is locked.
      const { isRepeated } = await namingClasses(item, () =>
        this.ledger.authorise(tx, {
          ...asked,
          customerId,
          journalId: newId(),
          idemKey: `order:${asked.idemKey}`,
          occurredAt: orderedAt,
          recordedAt: orderedAt,
          businessDate: day,
          channel,
          actorId,
          metadata: { orderId, itemId, ...(item.classes && { classes: item.classes }) },
          holdId: orderId,
          purpose: 'ORDER',
          points,
          expiresAt: NEVER,
          classes: item.classes ?? undefined,
        }),
      );
      if (isRepeated) return sameOrder(await orderWithKey(tx, customerId, asked.idemKey), asked);
      assertWithinLimit(item, await countOrders(tx, customerId, itemId, year), year);
      const order = await insertOrder(tx, {
        ...asked,
        orderId,
        customerId,
        itemId,
        kind,
        points,
        pointsYear: year,
        channel,
        status: 'OPEN',
        orderedBy: actorId,
        orderedAt,
      });
      if (item.bossProduct !== null) {
        const toSend = { orderId, customerId, product: item.bossProduct, valueFen: valueInFen(points) };
        await insertOrderToSend(tx, toSend, orderedAt);
      }
      await takeFromBudgets(tx, { useId: orderId, kind, customerId, points, on: day });
      // Last: whoever takes of a stock holds a part of it until the commit.
      if (!(await takeOne(tx, itemId))) throw new SoldOut(itemId);
      tx.audit({
        action: 'points.order',
        objectType: 'PointsOrder',
        objectId: orderId,
        customerId,
        after: { itemId, points, channel },
      });
      return order;
    });
  }
}

/** Two clients may use the same key. */
export const idemKeyOf = (actorId: string, key: string): string => `${actorId}:${key}`;

/** @throws KeyReused */
export function sameOrder(
  known: (ExchangeOrder & { readonly requestHash: string }) | undefined,
  asked: { readonly requestHash: string },
): ExchangeOrder {
  if (known?.requestHash !== asked.requestHash) throw new KeyReused();
  return known;
}

/** Says, when there are too few points, of which classes they would have had to be. */
export async function namingClasses<T>({ classes, points }: CatalogueItem, spend: () => Promise<T>): Promise<T> {
  try {
    return await spend();
  } catch (error) {
    if (!(error instanceof InsufficientPoints) || classes === null) throw error;
    throw new TooFewOfTheseClasses({ classes, available: Number(error.facts['available']), requested: points });
  }
}
