import { Injectable } from '@nestjs/common';
import { Database, isId } from '../../../../platform/database/index.js';
import { type ListRequest, type Page, readPage } from '../../../../platform/http/index.js';
import { CustomerNotFound, CustomersFacade } from '../../../customers/index.js';
import type { ExchangeOrder } from '../../domain/exchange/exchange-order.js';
import { OrderNotFound } from '../../domain/exchange/refusals-of-exchange.js';
import { ORDER_COLUMNS, orderWithId } from '../../persistence/exchange/exchange-orders.js';

@Injectable()
export class FindExchangeOrders {
  constructor(
    private readonly database: Database,
    private readonly customers: CustomersFacade,
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

  /** @throws OrderNotFound */
  async one(customerId: string, orderId: string): Promise<ExchangeOrder> {
    const found = isId(customerId) && isId(orderId) && (await orderWithId(this.database, customerId, orderId));
    if (!found) throw new OrderNotFound();
    return found;
  }
}
