import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/index.js';
import { type Delivered, type Listener, ListensTo } from '../../../platform/events/index.js';
import { CustomerDeparted } from '../../customers/index.js';
import { CancelOrdersOfLeaver } from '../application/exchange/cancel-orders-of-leaver.js';

@Injectable()
@ListensTo(CustomerDeparted)
export class CancelOrdersWhenCustomerDeparts implements Listener<{ customerId: string }> {
  constructor(private readonly cancelling: CancelOrdersOfLeaver) {}

  handle(tx: Tx, { payload }: Delivered<{ customerId: string }>): Promise<void> {
    return this.cancelling.execute(tx, payload.customerId);
  }
}
