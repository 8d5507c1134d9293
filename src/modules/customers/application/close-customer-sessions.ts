import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Transaction } from '../../../platform/database/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { closeSessions } from '../persistence/customer-sessions.js';

/** Signs a customer out. */
@Injectable()
export class CloseCustomerSessions {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  /** @param isEverywhere on every device, not only on this one. */
  execute({ id: customerId, sessionId = '' }: Actor, isEverywhere: boolean): Promise<void> {
    const closed = { customerId, now: this.clock.now(), ...(!isEverywhere && { sessionId }) };
    return this.transaction.run((tx) => closeSessions(tx, closed));
  }
}
