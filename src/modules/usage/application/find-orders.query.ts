import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/index.js';
import { readPage, ResourceNotFound, type ListRequest, type Page } from '../../../platform/http/index.js';
import { ORDER_COLUMNS, orderById, type OrderRow } from '../persistence/handled-orders.js';

export type { OrderRow };

/** What was handled, and how it compares with what BOSS says. */
@Injectable()
export class FindOrders {
  constructor(private readonly database: Database) {}

  page<View extends object>(list: ListRequest, viewOf: (row: OrderRow) => View): Promise<Page<View>> {
    return readPage<OrderRow & Record<string, unknown>, View>(
      this.database,
      list,
      { select: ORDER_COLUMNS, from: 'usage.handled_order o' },
      viewOf,
    );
  }

  /** @throws ResourceNotFound */
  async byId(orderId: string): Promise<OrderRow> {
    const order = await orderById(this.database, orderId);
    if (!order) throw new ResourceNotFound('handledOrder');
    return order;
  }
}
