import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import type { Tx } from '../../../platform/database/index.js';
import type { Delivered } from '../../../platform/events/index.js';
import type { RaisedRisk } from '../../analytics/index.js';
import type { TierChange } from '../../tiering/index.js';
import { addChurnRisks, addEntries, addTierChanges, askForRun } from '../persistence/pending-items.js';

interface LedgerEntry {
  readonly customerId: string;
  readonly journalId: string;
}

/**
 * Writes down what is to go out, in the transaction that marks the event as handled. Numbers are given afterwards: so writers never
 * wait for each other, and one that commits late leaves no gap.
 */
@Injectable()
export class TakeInEvents {
  constructor(private readonly clock: Clock) {}

  tierChanges(tx: Tx, events: readonly Delivered<TierChange>[]): Promise<void> {
    return addTierChanges(
      tx,
      events.map(({ eventId, occurredAt, payload: { customerId, from, to, effectiveOn, decisionId } }) => ({
        eventId,
        customerId,
        occurredAt,
        decisionId,
        detail: { from, to, effectiveOn, decisionId },
      })),
    );
  }

  churnRisks(tx: Tx, events: readonly Delivered<RaisedRisk>[]): Promise<void> {
    return addChurnRisks(
      tx,
      events.map(({ eventId, occurredAt, payload: { customerId, risk } }) => ({
        eventId,
        customerId,
        occurredAt,
        detail: { risk },
      })),
    );
  }

  ledgerEntries(tx: Tx, events: readonly Delivered<LedgerEntry>[]): Promise<void> {
    return addEntries(
      tx,
      events.map(({ payload }) => payload),
    );
  }

  /** A run over everybody says once that it is done; its entries are taken in afterwards. */
  async runs(tx: Tx, events: readonly Delivered<{ readonly runId: string }>[]): Promise<void> {
    for (const { payload } of events) await askForRun(tx, payload.runId, this.clock.now());
  }
}
