import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../platform/clock/index.js';
import { Database, isId } from '../../../../platform/database/index.js';
import { type ListRequest, type Page, readPage } from '../../../../platform/http/index.js';
import { CustomerNotFound, CustomersFacade } from '../../../customers/index.js';
import { BOSS_MAY_TAKE_HOURS, type ExchangeOrder } from '../../domain/exchange/exchange-order.js';
import { OrderNotFound } from '../../domain/exchange/refusals-of-exchange.js';
import { ORDER_COLUMNS, orderWithId } from '../../persistence/exchange/exchange-orders.js';

export interface UnansweredOrder extends ExchangeOrder {
  readonly waitsSince: Date;
  readonly attempts: number;
}

@Injectable()
export class FindExchangeOrders {
  constructor(
    private readonly database: Database,
    private readonly customers: CustomersFacade,
    private readonly clock: Clock,
  ) {}

  /** @throws CustomerNotFound */
  async ofCustomer<View extends object>(
    customerId: string,
    list: ListRequest,
    view: (order: ExchangeOrder) => View,
  ): Promise<Page<View>> {
    if (!(await this.customers.exists(customerId))) throw new CustomerNotFound();
    const from = 'points.exchange_order o';
    const source = { select: ORDER_COLUMNS, from, where: 'o.customer_id = $1', params: [customerId] };
    return readPage<ExchangeOrder, View>(this.database, list, source, view);
  }

  /** What BOSS has said nothing of for as long as it may take. */
  unanswered<View extends object>(list: ListRequest, view: (order: UnansweredOrder) => View): Promise<Page<View>> {
    const before = new Date(this.clock.now().getTime() - BOSS_MAY_TAKE_HOURS * 3_600_000);
    const source = {
      select: `${ORDER_COLUMNS}, s.waits_since AS "waitsSince", s.attempts`,
      from: 'points.order_to_send s JOIN points.exchange_order o ON o.customer_id = s.customer_id AND o.order_id = s.order_id',
      where: 's.waits_since <= $1',
      params: [before],
    };
    return readPage<UnansweredOrder, View>(this.database, list, source, view);
  }

  /** @throws OrderNotFound */
  async one(customerId: string, orderId: string): Promise<ExchangeOrder> {
    const found = isId(customerId) && isId(orderId) && (await orderWithId(this.database, customerId, orderId));
    if (!found) throw new OrderNotFound();
    return found;
  }
}
