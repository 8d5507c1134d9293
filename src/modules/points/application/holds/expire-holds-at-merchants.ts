import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../../platform/clock/index.js';
import { Database, newId, Transaction } from '../../../../platform/database/index.js';
import { HoldEnded } from '../../domain/ledger/refusals.js';
import { requestHash } from '../../domain/ledger/request-hash.js';
import { holdsPastTheirTime, type Hold } from '../../persistence/holds/holds.js';
import { SingleOperations } from '../../persistence/ledger/single-operations.js';

/** Ends the holds of merchants whose time is over: their points return to their lots. One at a time, so it may be stopped anywhere. */
@Injectable()
export class ExpireHoldsAtMerchants {
  constructor(
    private readonly database: Database,
    private readonly transaction: Transaction,
    private readonly single: SingleOperations,
    private readonly clock: Clock,
  ) {}

  /** How many it has ended. */
  async execute(): Promise<number> {
    let ended = 0;
    for (;;) {
      const due = { purpose: 'POS', at: this.clock.now(), limit: AT_ONCE } as const;
      const holds = await holdsPastTheirTime(this.database, due);
      for (const hold of holds) ended += await this.expire(hold);
      if (holds.length < AT_ONCE) return ended;
    }
  }

  private async expire({ customerId, holdId }: Hold): Promise<number> {
    const now = this.clock.now();
    try {
      const { isRepeated } = await this.single.release(this.transaction, {
        customerId,
        holdId,
        as: 'EXPIRED',
        journalId: newId(),
        idemKey: `expire:${holdId}`,
        requestHash: requestHash(holdId),
        occurredAt: now,
        recordedAt: now,
        businessDate: businessDate(now),
      });
      return isRepeated ? 0 : 1;
    } catch (error) {
      // The terminal was quicker.
      if (error instanceof HoldEnded) return 0;
      throw error;
    }
  }
}

const AT_ONCE = 500;
