import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../platform/clock/index.js';
import { isId, Transaction } from '../../../../platform/database/index.js';
import { type Decision, type ExchangeOrder, peopleDecideFrom } from '../../domain/exchange/exchange-order.js';
import { NothingToDecide, OrderEnded, OrderNotFound } from '../../domain/exchange/refusals-of-exchange.js';
import { lockOrder, orderWithId } from '../../persistence/exchange/exchange-orders.js';
import { deleteOrderToSend, lockOrderToSend } from '../../persistence/exchange/orders-to-send.js';
import { EndOrder } from './end-order.js';

export interface AskedDecision {
  readonly customerId: string;
  readonly orderId: string;
  readonly decision: Decision;
  readonly actorId: string;
}

/**
 * Somebody decides about an order that BOSS is silent about: the customer was given the product by hand, or gets the points back. BOSS is not
 * asked again. The same decision again is harmless.
 */
@Injectable()
export class DecideOrder {
  constructor(
    private readonly transaction: Transaction,
    private readonly ending: EndOrder,
    private readonly clock: Clock,
  ) {}

  /** @throws OrderNotFound, OrderEnded, NothingToDecide */
  async execute({ customerId, orderId, decision, actorId }: AskedDecision): Promise<ExchangeOrder> {
    if (!isId(customerId) || !isId(orderId)) throw new OrderNotFound();
    const status = decision === 'FULFILLED' ? 'COMPLETED' : 'CANCELLED';
    return this.transaction.run(async (tx) => {
      const order = await lockOrder(tx, customerId, orderId);
      if (!order) throw new OrderNotFound();
      if (order.kind !== 'MOBILE_PRODUCT') throw new NothingToDecide({ status: order.status });
      if (order.status === status) return order;
      const waiting = await lockOrderToSend(tx, orderId);
      if (order.status !== 'OPEN' || !waiting) throw new OrderEnded({ status: order.status });
      const from = peopleDecideFrom(waiting.waitsSince, waiting.askedAt);
      if (this.clock.now() < from) throw new NothingToDecide({ status: order.status, decideFrom: from.toISOString() });
      if (decision === 'FULFILLED') await this.ending.complete(tx, order, actorId);
      else await this.ending.giveBack(tx, order, actorId, { status: 'CANCELLED' });
      await deleteOrderToSend(tx, orderId);
      tx.audit({
        action: 'points.decide-order',
        objectType: 'PointsOrder',
        objectId: orderId,
        customerId,
        before: { status: order.status },
        after: { status },
      });
      const after = await orderWithId(tx, customerId, orderId);
      if (!after) throw new OrderNotFound();
      return after;
    });
  }
}
