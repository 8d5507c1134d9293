import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { Transaction } from '../../../platform/database/index.js';
import { LONGEST_ALLOWANCE_MS } from '../domain/one-time-code.js';
import { purgeSessions } from '../persistence/customer-sessions.js';
import { purgeCodes } from '../persistence/one-time-codes.js';

/** Throws away codes that no allowance counts any more, and sessions that are over. */
@Injectable()
export class PurgeSelfService {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  execute(): Promise<void> {
    const before = new Date(this.clock.now().getTime() - LONGEST_ALLOWANCE_MS);
    return this.transaction.run(async (tx) => {
      await purgeCodes(tx, before);
      await purgeSessions(tx, before);
    });
  }
}
