import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../platform/clock/index.js';
import { Transaction, type Tx } from '../../../../platform/database/index.js';
import { CustomersFacade } from '../../../customers/index.js';
import { IntakeAlarms } from '../../../usage/index.js';
import { BOSS_MAY_TAKE_HOURS, secondsUntilNextAttempt, type TopUpCard } from '../../domain/exchange/exchange-order.js';
import { lockOrder } from '../../persistence/exchange/exchange-orders.js';
import {
  claimOrderToSend,
  type ClaimedOrder,
  deleteOrderToSend,
  longestWait,
} from '../../persistence/exchange/orders-to-send.js';
import { sealCard } from '../../persistence/exchange/sealed-cards.js';
import { BossOrders, type BossAnswer } from './boss-orders.js';
import { EndOrder } from './end-order.js';

/** Whoever waits for BOSS holds nothing of the database. */
const AT_ONCE = 4;
const BOSS = 'boss';
const ALARM = 'orders/BOSS';

/**
 * Sends open orders to BOSS, and ends them by what it says. Each step can be the last one of a process: an order is claimed for one attempt
 * only, is sent again under the same key when the time of the attempt is over, and ends together with its hold. Without an answer nothing
 * is decided: points that BOSS may have delivered for do not come back. When it is silent for too long people are called, who decide.
 */
@Injectable()
export class SendOrdersToBoss {
  constructor(
    private readonly transaction: Transaction,
    private readonly boss: BossOrders,
    private readonly ending: EndOrder,
    private readonly customers: CustomersFacade,
    private readonly alarms: IntakeAlarms,
    private readonly clock: Clock,
  ) {}

  /** All orders that are due. */
  async execute(stopping?: AbortSignal): Promise<void> {
    if (this.boss.isSetUp) await Promise.all(Array.from({ length: AT_ONCE }, () => this.oneAfterTheOther(stopping)));
    await this.callPeople();
  }

  /** One alarm for all orders that wait too long: it stands until the last of them is decided. */
  private callPeople(): Promise<void> {
    const before = new Date(this.clock.now().getTime() - BOSS_MAY_TAKE_HOURS * 3_600_000);
    return this.transaction.run(async (tx) => {
      const since = await longestWait(tx, before);
      if (!since) await this.alarms.clear(tx, ALARM);
      else {
        const detail = { since: since.toISOString() };
        await this.alarms.raiseOnce(tx, { kind: 'ORDERS_UNANSWERED', source: 'BOSS', key: ALARM, detail });
      }
    });
  }

  private async oneAfterTheOther(stopping: AbortSignal | undefined): Promise<void> {
    while (stopping?.aborted !== true) {
      const order = await this.claim();
      if (!order) return;
      const { orderId: orderKey, product, valueFen } = order;
      await this.settle(order, await this.boss.place({ orderKey, product, valueFen }));
    }
  }

  private claim(): Promise<ClaimedOrder | undefined> {
    const now = this.clock.now();
    const after = (attempt: number): Date => new Date(now.getTime() + secondsUntilNextAttempt(attempt) * 1000);
    return this.transaction.run((tx) => claimOrderToSend(tx, now, after));
  }

  private async settle({ customerId, orderId }: ClaimedOrder, answer: BossAnswer): Promise<void> {
    if (answer.said === 'unknown') return;
    await this.transaction.run(async (tx) => {
      const order = await lockOrder(tx, customerId, orderId);
      if (order?.status !== 'OPEN') return; // Another attempt was answered before this one.
      if (answer.said === 'refused') {
        await this.ending.giveBack(tx, order, BOSS, { status: 'REFUSED', refusal: answer.reason });
      } else {
        const cardSealed = answer.card && (await this.sealed(tx, customerId, orderId, answer.card));
        await this.ending.complete(tx, order, BOSS, { bossReference: answer.reference, cardSealed });
      }
      await deleteOrderToSend(tx, orderId);
    });
  }

  /** Who was erased meanwhile can be shown no card. */
  private async sealed(tx: Tx, customerId: string, orderId: string, card: TopUpCard): Promise<Buffer | undefined> {
    const seals = await this.customers.sealsToWrite(tx, [customerId], this.clock.now());
    return seals.has(customerId) ? sealCard(seals, { customerId, orderId }, card) : undefined;
  }
}
