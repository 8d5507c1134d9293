import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../platform/clock/index.js';
import { isId, Transaction } from '../../../../platform/database/index.js';
import { CustomersFacade } from '../../../customers/index.js';
import type { TopUpCard } from '../../domain/exchange/exchange-order.js';
import { CardWasShown, NoCardToShow, OrderNotFound } from '../../domain/exchange/refusals-of-exchange.js';
import { forgetShownCard, lockOrder } from '../../persistence/exchange/exchange-orders.js';
import { openCard } from '../../persistence/exchange/sealed-cards.js';

/** Shows the card of an order (卡密), once: it is forgotten as it is shown. */
@Injectable()
export class ShowCard {
  constructor(
    private readonly transaction: Transaction,
    private readonly customers: CustomersFacade,
    private readonly clock: Clock,
  ) {}

  /** @throws OrderNotFound, NoCardToShow, CardWasShown */
  async execute(customerId: string, orderId: string): Promise<TopUpCard> {
    if (!isId(customerId) || !isId(orderId)) throw new OrderNotFound();
    return this.transaction.run(async (tx) => {
      const order = await lockOrder(tx, customerId, orderId);
      if (!order) throw new OrderNotFound();
      if (order.cardShownAt) throw new CardWasShown({ shownAt: order.cardShownAt.toISOString() });
      const card = openCard(await this.customers.sealsOf(tx, [customerId]), order, order.cardSealed);
      if (!card) throw new NoCardToShow({ status: order.status });
      const shownAt = this.clock.now();
      await forgetShownCard(tx, customerId, orderId, shownAt);
      tx.audit({
        action: 'points.show-card',
        objectType: 'PointsOrder',
        objectId: orderId,
        customerId,
        before: {},
        after: { cardShownAt: shownAt },
      });
      return card;
    });
  }
}
