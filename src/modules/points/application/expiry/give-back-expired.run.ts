import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../platform/clock/index.js';
import type { Tx } from '../../../../platform/database/index.js';
import { Outbox } from '../../../../platform/events/index.js';
import {
  DefinesRun,
  type Counts,
  type Outcome,
  type Population,
  type Run,
  type RunDefinition,
  type Slice,
} from '../../../../platform/queues/index.js';
import { ExpiryReversed } from '../../domain/ledger/events.js';
import { ExpiryBatchNotReversible } from '../../domain/expiry/refusals-of-expiry.js';
import { entriesOf, openBooks } from '../../persistence/earning/accrue-from-bills.js';
import { batchToGiveBack, giveBackSlice, losersOf } from '../../persistence/expiry/expiry.js';
import { intoOpenBooks } from '../../persistence/ledger/closed-books.js';

export const GIVE_BACK_EXPIRED = 'points.give-back-expired';

/** Gives a batch of cleared points back (清零冲正). It is started by the approval, and refuses what nobody has approved. */
@DefinesRun()
@Injectable()
export class GiveBackExpired implements RunDefinition {
  readonly kind = GIVE_BACK_EXPIRED;
  readonly describe = 'Gives a batch of cleared points back that somebody has approved.';
  readonly permission = 'points.run';
  readonly sliceSize: number = 5_000;

  constructor(
    private readonly clock: Clock,
    private readonly outbox: Outbox,
  ) {}

  population({ runId }: Run): Population {
    return losersOf(runId);
  }

  /** @throws ExpiryBatchNotReversible */
  async prepare(tx: Tx, { runId, asOf }: Run): Promise<object> {
    if (!(await batchToGiveBack(tx, runId))) throw new ExpiryBatchNotReversible({ state: 'NOT_APPROVED' });
    await openBooks(tx, asOf);
    return {};
  }

  async slice(tx: Tx, { runId, asOf }: Run, { from, to }: Slice): Promise<Counts> {
    const batch = await batchToGiveBack(tx, runId);
    if (!batch) throw new Error('the batch was there when the run began');
    const { lots, points } = await intoOpenBooks(
      giveBackSlice(tx, {
        ...{ batchId: batch.batch_id, clearedOn: batch.as_of, usableUntil: batch.usable_until, from, to },
        ...{ runId, at: this.clock.now(), businessDate: asOf },
      }),
    );
    return { lots, points };
  }

  async finish(tx: Tx, run: Run, totals: Counts): Promise<Outcome> {
    const { runId } = run;
    const at = this.clock.now();
    await tx.execute('UPDATE points.expiry_batch SET reversed_at = $2, returned = $3 WHERE reversal_run_id = $1', [
      runId,
      at,
      totals['points'] ?? 0,
    ]);
    await this.outbox.publish(tx, ExpiryReversed, { runId }, { occurredAt: at });
    return entriesOf(tx, run);
  }
}
