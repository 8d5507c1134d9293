import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/index.js';
import { type Delivered, type Listener, ListensTo } from '../../../platform/events/index.js';
import { CustomerJoined } from '../../customers/index.js';
import { CloseAccount } from '../application/ledger/close-account.js';

interface Joined {
  readonly customerId: string;
  readonly isReturn: boolean;
}

@Injectable()
@ListensTo(CustomerJoined)
export class ReopenAccountWhenCustomerReturns implements Listener<Joined> {
  constructor(private readonly account: CloseAccount) {}

  async handle(tx: Tx, { eventId, payload, occurredAt }: Delivered<Joined>): Promise<void> {
    if (payload.isReturn) await this.account.reopen(tx, { customerId: payload.customerId, occurredAt, eventId });
  }
}
