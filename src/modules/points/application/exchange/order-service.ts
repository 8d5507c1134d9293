import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../../platform/clock/index.js';
import type { Tx } from '../../../../platform/database/index.js';
import { assertOnOffer, assertWithinLimit } from '../../domain/exchange/catalogue-item.js';
import type { ExchangeOrder } from '../../domain/exchange/exchange-order.js';
import { pointsYear } from '../../domain/ledger/points-year.js';
import { UnknownItem } from '../../domain/exchange/refusals-of-exchange.js';
import { requestHash } from '../../domain/ledger/request-hash.js';
import { itemOf } from '../../persistence/exchange/catalogue-items.js';
import { countOrders, insertOrder, orderWithKey } from '../../persistence/exchange/exchange-orders.js';
import { type AskedExchange, idemKeyOf, namingClasses, sameOrder } from './place-order.js';
import { RedeemPointsUseCase } from '../ledger/redeem-points.js';

/** A service that was paid for with points, and what the customer is owed for it: so many units of a benefit. */
export interface OrderedService {
  readonly order: ExchangeOrder;
  readonly benefit: string;
  readonly units: number;
}

/** Pays for a service with points (积分享福), in the transaction of whoever grants it: both or neither. */
@Injectable()
export class OrderService {
  constructor(
    private readonly redeeming: RedeemPointsUseCase,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws CustomerNotFound, UnknownItem, ItemOfAnotherKind, ItemNotOnOffer, ItemLimitReached, KeyReused, AccountClosed, AccountFrozen,
   *   RealNameNeeded, KeyPersonNeeded, BudgetUsedUp, BelowThreshold, InsufficientPoints, TooFewOfTheseClasses
   */
  async execute(tx: Tx, { customerId, itemId, channel, actorId, key }: AskedExchange): Promise<OrderedService> {
    const orderedAt = this.clock.now();
    const day = businessDate(orderedAt);
    const year = pointsYear(day);
    const hash = requestHash(itemId, channel);
    const item = await itemOf(tx, itemId);
    if (!item) throw new UnknownItem(itemId);
    const owed = { benefit: item.benefit ?? '', units: item.units ?? 0 };
    const ordered = async (): Promise<OrderedService | undefined> => {
      const known = key === undefined ? undefined : await orderWithKey(tx, customerId, idemKeyOf(actorId, key));
      return known && { ...owed, order: sameOrder(known, { requestHash: hash }) };
    };
    const before = await ordered();
    if (before) return before;

    assertOnOffer(item, { kinds: ['SERVICE'], day });
    const { points, kind } = item;
    const classes = item.classes ?? undefined;
    const { redemptionId: orderId } = await namingClasses(item, () =>
      this.redeeming.within(tx, { customerId, points, purpose: 'SERVICE', channel, actorId, key, itemId, classes }),
    );
    // The account is locked now: whoever was quicker under the same key has ended.
    const meanwhile = await ordered();
    if (meanwhile) return meanwhile;
    assertWithinLimit(item, await countOrders(tx, customerId, itemId, year), year);
    const order = await insertOrder(tx, {
      orderId,
      customerId,
      itemId,
      kind,
      points,
      pointsYear: year,
      channel,
      status: 'COMPLETED',
      idemKey: idemKeyOf(actorId, key ?? orderId),
      requestHash: hash,
      orderedBy: actorId,
      orderedAt,
    });
    return { ...owed, order };
  }
}
