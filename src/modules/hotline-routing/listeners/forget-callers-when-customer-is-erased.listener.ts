import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/index.js';
import { type Delivered, type Listener, ListensTo } from '../../../platform/events/index.js';
import { CustomerErased } from '../../customers/index.js';
import { ForgetCallers } from '../application/forget-callers.js';

@Injectable()
@ListensTo(CustomerErased)
export class ForgetCallersWhenCustomerIsErased implements Listener<{ customerId: string }> {
  constructor(private readonly forgetting: ForgetCallers) {}

  handle(tx: Tx, { payload }: Delivered<{ customerId: string }>): Promise<void> {
    return this.forgetting.ofCustomer(tx, payload.customerId);
  }
}
