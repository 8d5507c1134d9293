import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../../platform/clock/index.js';
import { newId, type Tx } from '../../../../platform/database/index.js';
import { Outbox } from '../../../../platform/events/index.js';
import { close } from '../../domain/ledger/closure.js';
import { PointsForfeited } from '../../domain/ledger/events.js';
import { requestHash } from '../../domain/ledger/request-hash.js';
import { openHoldsOf } from '../../persistence/holds/holds.js';
import { forfeitPendingLots } from '../../persistence/earning/pending-lots.js';
import { PointsLedger } from '../../persistence/ledger/points-ledger.js';
import { SingleOperations } from '../../persistence/ledger/single-operations.js';

interface Turn {
  readonly customerId: string;
  readonly occurredAt: Date;
  /** What makes it the same departure or return when it is told again. */
  readonly eventId: string;
}

/** Leaving the network forfeits the points (销户清零); coming back opens the account again, empty. */
@Injectable()
export class CloseAccount {
  constructor(
    private readonly ledger: PointsLedger,
    private readonly single: SingleOperations,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async close(tx: Tx, { customerId, occurredAt, eventId }: Turn): Promise<void> {
    const recordedAt = this.clock.now();
    const day = businessDate(recordedAt);
    const idemKey = `close:${eventId}`;
    // Also a customer without points gets a closed account: a bill that comes later must find it.
    const before = await this.ledger.lock(tx, { customerId, idemKey, day, opens: true });
    if (before.posted || before.account.status === 'CLOSED') return;
    await this.releaseHolds(tx, { customerId, occurredAt, eventId });
    const { account } = await this.ledger.lock(tx, { customerId, idemKey, day });
    const { journalId, points } = await this.ledger.append(tx, account, {
      journalId: newId(),
      kind: 'CLOSURE',
      idemKey,
      postings: [...(await forfeitPendingLots(tx, customerId)), ...close(account)],
      occurredAt,
      recordedAt,
      businessDate: day,
    });
    if (points !== 0)
      await this.outbox.publish(tx, PointsForfeited, { customerId, journalId, points }, { customerId, occurredAt });
  }

  /** Whatever they were for: who comes to capture one finds that it has ended. */
  private async releaseHolds(tx: Tx, { customerId, occurredAt, eventId }: Turn): Promise<void> {
    const recordedAt = this.clock.now();
    for (const { holdId } of await openHoldsOf(tx, customerId)) {
      await this.single.release(tx, {
        customerId,
        holdId,
        as: 'VOIDED',
        journalId: newId(),
        idemKey: `close:${eventId}:${holdId}`,
        requestHash: requestHash(holdId),
        occurredAt,
        recordedAt,
        businessDate: businessDate(recordedAt),
      });
    }
  }

  async reopen(tx: Tx, { customerId, occurredAt, eventId }: Turn): Promise<void> {
    const recordedAt = this.clock.now();
    const day = businessDate(recordedAt);
    const idemKey = `reopen:${eventId}`;
    const { account, posted } = await this.ledger.lock(tx, { customerId, idemKey, day });
    if (posted || account.status === 'ACTIVE') return;
    await this.ledger.append(tx, account, {
      journalId: newId(),
      kind: 'REOPENING',
      idemKey,
      postings: [],
      occurredAt,
      recordedAt,
      businessDate: day,
    });
  }
}
