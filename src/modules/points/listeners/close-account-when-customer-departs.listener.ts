import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/index.js';
import { type Delivered, type Listener, ListensTo } from '../../../platform/events/index.js';
import { CustomerDeparted } from '../../customers/index.js';
import { CloseAccount } from '../application/ledger/close-account.js';

@Injectable()
@ListensTo(CustomerDeparted)
export class CloseAccountWhenCustomerDeparts implements Listener<{ customerId: string }> {
  constructor(private readonly account: CloseAccount) {}

  handle(tx: Tx, { eventId, payload, occurredAt }: Delivered<{ customerId: string }>): Promise<void> {
    return this.account.close(tx, { customerId: payload.customerId, occurredAt, eventId });
  }
}
