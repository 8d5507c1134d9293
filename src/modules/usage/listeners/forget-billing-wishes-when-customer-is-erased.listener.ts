import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/index.js';
import { type Delivered, type Listener, ListensTo } from '../../../platform/events/index.js';
import { CustomerErased } from '../../customers/index.js';
import { ForgetBillingWishes } from '../application/forget-billing-wishes.js';

@Injectable()
@ListensTo(CustomerErased)
export class ForgetBillingWishesWhenCustomerIsErased implements Listener<{ customerId: string }> {
  constructor(private readonly forgetting: ForgetBillingWishes) {}

  handle(tx: Tx, { payload }: Delivered<{ customerId: string }>): Promise<void> {
    return this.forgetting.ofCustomer(tx, payload.customerId);
  }
}
