import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../platform/clock/index.js';
import { isId, Transaction } from '../../../../platform/database/index.js';
import { CustomersFacade } from '../../../customers/index.js';
import { cardCanBeShown, type TopUpCard } from '../../domain/exchange/exchange-order.js';
import {
  CardWasShown,
  CardWasShownToAnother,
  NoCardToShow,
  OrderNotFound,
} from '../../domain/exchange/refusals-of-exchange.js';
import { keepFirstLook, lockOrder } from '../../persistence/exchange/exchange-orders.js';
import { openCard } from '../../persistence/exchange/sealed-cards.js';

/**
 * Shows the card of an order (卡密). Whoever saw it first, and the customer themselves, see it again for a while: an answer may be lost on its
 * way, and there is no other card. Nobody else of the staff does.
 */
@Injectable()
export class ShowCard {
  constructor(
    private readonly transaction: Transaction,
    private readonly customers: CustomersFacade,
    private readonly clock: Clock,
  ) {}

  /** @throws OrderNotFound, NoCardToShow, CardWasShown, CardWasShownToAnother */
  async execute(customerId: string, orderId: string, actorId: string): Promise<TopUpCard> {
    if (!isId(customerId) || !isId(orderId)) throw new OrderNotFound();
    return this.transaction.run(async (tx) => {
      const order = await lockOrder(tx, customerId, orderId);
      if (!order) throw new OrderNotFound();
      const { cardShownAt, cardShownTo, cardSealed, status } = order;
      const now = this.clock.now();
      if (cardShownAt && !cardCanBeShown(cardShownAt, now)) throw new CardWasShown(cardShownAt);
      if (cardShownAt && actorId !== cardShownTo && actorId !== customerId) throw new CardWasShownToAnother();
      const card = openCard(await this.customers.sealsOf(tx, [customerId]), order, cardSealed);
      if (!card) throw cardShownAt ? new CardWasShown(cardShownAt) : new NoCardToShow({ status });
      if (!cardShownAt) await keepFirstLook(tx, order, { at: now, by: actorId });
      tx.audit({
        action: 'points.show-card',
        objectType: 'PointsOrder',
        objectId: orderId,
        customerId,
        before: { ...(cardShownAt && { cardShownAt }) },
        after: { cardShownAt: cardShownAt ?? now },
      });
      return card;
    });
  }
}
