import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/index.js';
import { type Delivered, type Listener, ListensTo } from '../../../platform/events/index.js';
import { CustomerErased } from '../../customers/index.js';
import { ForgetCards } from '../application/exchange/forget-cards.js';

/** Cards that were not shown yet: what is left of the order names nobody. */
@Injectable()
@ListensTo(CustomerErased)
export class ForgetBoughtCardsWhenCustomerIsErased implements Listener<{ customerId: string }> {
  constructor(private readonly forgetting: ForgetCards) {}

  handle(tx: Tx, { payload }: Delivered<{ customerId: string }>): Promise<void> {
    return this.forgetting.ofCustomer(tx, payload.customerId);
  }
}
