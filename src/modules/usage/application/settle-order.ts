import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Transaction, type Tx } from '../../../platform/database/index.js';
import { ResourceNotFound } from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { OrderNotInQueue } from '../domain/order-refusals.js';
import { keepHandling, orderById, placeOrders, type OrderRow } from '../persistence/handled-orders.js';
import { compareOrders } from './compare-orders.js';

/** BOSS 已更正, 工单有误, 客户撤销, 重复受理, 认可差异. */
export const RESOLUTIONS = ['BOSS_CORRECTED', 'ORDER_WRONG', 'CUSTOMER_WITHDREW', 'HANDLED_TWICE', 'ACCEPTED'] as const;
export type Resolution = (typeof RESOLUTIONS)[number];

export interface Settlement {
  /** Who looks after it; null: nobody. */
  readonly ownerId?: string | null | undefined;
  readonly resolution?: Resolution | undefined;
}

/** The queue of differences: somebody takes one over, resolves it, or has it compared again. */
@Injectable()
export class SettleOrder {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  /** @throws ResourceNotFound, OrderNotInQueue */
  settle(orderId: string, { ownerId, resolution }: Settlement, actor: Actor): Promise<OrderRow> {
    return this.transaction.run(async (tx) => {
      const order = await found(tx, orderId, true);
      const isInQueue = order.resolved_at === null && (order.verdict === 'DIFFERENT' || order.verdict === 'MISSING');
      if (!isInQueue) throw new OrderNotInQueue(order.resolved_at ? 'resolved' : order.verdict);
      const resolved =
        resolution === undefined ? {} : { resolution, resolvedAt: this.clock.now(), resolvedBy: actor.id };
      const handling = { ownerId: ownerId === undefined ? order.owner_id : ownerId, ...NOT_RESOLVED, ...resolved };
      await keepHandling(tx, orderId, handling);
      tx.audit({
        action: resolution === undefined ? 'usage.assign-order' : 'usage.resolve-order',
        objectType: 'HandledOrder',
        objectId: orderId,
        ...(order.customer_id && { customerId: order.customer_id }),
        before: { ownerId: order.owner_id },
        after: { ownerId: handling.ownerId, ...(resolution && { resolution }) },
      });
      return found(tx, orderId);
    });
  }

  /** Done with is done with: what has matched, was overtaken or resolved stays as it is. @throws ResourceNotFound */
  compareAgain(orderId: string): Promise<OrderRow> {
    return this.transaction.run(async (tx) => {
      await found(tx, orderId);
      await placeOrders(tx, orderId);
      await compareOrders(tx, { orderId }, this.clock.now());
      return found(tx, orderId);
    });
  }
}

const NOT_RESOLVED = { resolution: null, resolvedAt: null, resolvedBy: null };

async function found(tx: Tx, orderId: string, forUpdate = false): Promise<OrderRow> {
  const order = await orderById(tx, orderId, forUpdate);
  if (!order) throw new ResourceNotFound('handledOrder');
  return order;
}
