import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../platform/clock/index.js';
import { newId, Transaction } from '../../../../platform/database/index.js';
import { CustomersFacade } from '../../../customers/index.js';

export const WATCH_REASONS = ['FRAUD_SUSPECTED', 'NUMBER_STOLEN', 'DISPUTE'] as const;
export type WatchReason = (typeof WATCH_REASONS)[number];

/** Transfers from and to a customer are looked at by a second person, while somebody suspects something (转让核查). */
@Injectable()
export class WatchTransfers {
  constructor(
    private readonly transaction: Transaction,
    private readonly customers: CustomersFacade,
    private readonly clock: Clock,
  ) {}

  /** @throws CustomerNotFound */
  begin(customerId: string, reason: WatchReason, actorId: string): Promise<void> {
    return this.transaction.run(async (tx) => {
      await this.customers.lockCustomer(tx, customerId);
      const flagId = newId();
      const begun = await tx.execute(
        `INSERT INTO points.transfer_flag (customer_id, flag_id, reason_code, flagged_by, flagged_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (customer_id) WHERE lifted_at IS NULL DO UPDATE SET reason_code = excluded.reason_code
         WHERE transfer_flag.reason_code <> excluded.reason_code`,
        [customerId, flagId, reason, actorId, this.clock.now()],
      );
      if (begun === 0) return;
      tx.audit({
        action: 'points.watch-transfers',
        objectType: 'PointsAccount',
        objectId: customerId,
        customerId,
        after: { reason },
      });
    });
  }

  /** @throws CustomerNotFound */
  end(customerId: string): Promise<void> {
    return this.transaction.run(async (tx) => {
      await this.customers.lockCustomer(tx, customerId);
      const ended = await tx.execute(
        'UPDATE points.transfer_flag SET lifted_at = $2 WHERE customer_id = $1 AND lifted_at IS NULL',
        [customerId, this.clock.now()],
      );
      if (ended === 0) return;
      tx.audit({
        action: 'points.stop-watching-transfers',
        objectType: 'PointsAccount',
        objectId: customerId,
        customerId,
        before: { isWatched: true },
        after: { isWatched: false },
      });
    });
  }
}
