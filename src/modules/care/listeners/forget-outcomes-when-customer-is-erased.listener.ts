import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/index.js';
import { ListensTo, type Delivered, type SetWiseListener } from '../../../platform/events/index.js';
import { CustomerErased } from '../../customers/index.js';
import { forgetOutcomes } from '../application/forget-outcomes.js';

@ListensTo(CustomerErased)
@Injectable()
export class ForgetOutcomesWhenCustomerIsErased implements SetWiseListener<{ customerId: string }> {
  handleAll(tx: Tx, events: readonly Delivered<{ customerId: string }>[]): Promise<void> {
    return forgetOutcomes(
      tx,
      events.map(({ payload }) => payload.customerId),
    );
  }
}
