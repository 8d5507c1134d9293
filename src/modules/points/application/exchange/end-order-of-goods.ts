import { Injectable } from '@nestjs/common';
import { isId, Transaction, type Tx } from '../../../../platform/database/index.js';
import type { ExchangeOrder, OrderStatus } from '../../domain/exchange/exchange-order.js';
import { BossDecides, OrderEnded, OrderNotFound } from '../../domain/exchange/refusals-of-exchange.js';
import { type LockedOrder, lockOrder, orderWithId } from '../../persistence/exchange/exchange-orders.js';
import { EndOrder } from './end-order.js';

interface AskedEnd {
  readonly customerId: string;
  readonly orderId: string;
  readonly actorId: string;
}

/** Goods are handed over at a counter (领取), or the customer wants them no more (取消): whichever is first. The same again is harmless. */
@Injectable()
export class EndOrderOfGoods {
  constructor(
    private readonly transaction: Transaction,
    private readonly ending: EndOrder,
  ) {}

  /** @throws OrderNotFound, BossDecides, OrderEnded, HoldEnded (the account was closed) */
  handOver(asked: AskedEnd): Promise<ExchangeOrder> {
    return this.end(asked, 'COMPLETED', (tx, order) => this.ending.complete(tx, order, asked.actorId));
  }

  /** @throws OrderNotFound, BossDecides, OrderEnded */
  cancel(asked: AskedEnd): Promise<ExchangeOrder> {
    return this.end(asked, 'CANCELLED', (tx, order) =>
      this.ending.giveBack(tx, order, asked.actorId, { status: 'CANCELLED' }),
    );
  }

  private async end(
    { customerId, orderId }: AskedEnd,
    status: OrderStatus,
    carryOut: (tx: Tx, order: LockedOrder) => Promise<void>,
  ): Promise<ExchangeOrder> {
    if (!isId(customerId) || !isId(orderId)) throw new OrderNotFound();
    return this.transaction.run(async (tx) => {
      const before = await lockOrder(tx, customerId, orderId);
      if (!before) throw new OrderNotFound();
      if (before.kind === 'MOBILE_PRODUCT') throw new BossDecides();
      if (before.kind === 'SERVICE') throw new OrderEnded({ status: before.status });
      if (before.status === status) return before;
      if (before.status !== 'OPEN') throw new OrderEnded({ status: before.status });
      await carryOut(tx, before);
      tx.audit({
        action: 'points.end-order',
        objectType: 'PointsOrder',
        objectId: orderId,
        customerId,
        before: { status: before.status },
        after: { status },
      });
      const after = await orderWithId(tx, customerId, orderId);
      if (!after) throw new OrderNotFound();
      return after;
    });
  }
}
