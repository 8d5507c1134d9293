import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../platform/clock/index.js';
import type { Tx } from '../../../../platform/database/index.js';
import { Outbox } from '../../../../platform/events/index.js';
import {
  DefinesRun,
  onceADay,
  RunKeyRefused,
  type Counts,
  type Outcome,
  type Population,
  type Run,
  type RunDefinition,
  type Slice,
} from '../../../../platform/queues/index.js';
import { PointsExpired } from '../../domain/ledger/events.js';
import { entriesOf, openBooks } from '../../persistence/earning/accrue-from-bills.js';
import { beginBatch, begunBatch, clearSlice, endBatch, ownersOfDueLots } from '../../persistence/expiry/expiry.js';
import { intoOpenBooks } from '../../persistence/ledger/closed-books.js';

/**
 * Clears the points whose last day has passed, and their grace with it (积分清零, PTS-11). The key is the day as of which it looks;
 * what it posts is a batch that can be given back. Run again (`2026-12-01.2`) it clears only what has come to be due meanwhile.
 */
@DefinesRun()
@Injectable()
export class ExpirePoints implements RunDefinition {
  readonly kind = 'points.expire';
  readonly describe = 'Clears the points whose last day has passed, as a batch that can be given back.';
  readonly permission = 'points.run';
  readonly schedule = onceADay('20 0 * * *');
  // A slice holds the accounts of its customers, so that whoever spends waits for a fraction of a second at most.
  readonly sliceSize: number = 5_000;

  constructor(
    private readonly clock: Clock,
    private readonly outbox: Outbox,
  ) {}

  /** @throws RunKeyRefused */
  checkKey(key: string): void {
    dayOf(key);
  }

  population({ runId }: Run): Population {
    return ownersOfDueLots(runId);
  }

  /** @throws RunKeyRefused */
  async prepare(tx: Tx, { runId, key, asOf }: Run): Promise<object> {
    if (dayOf(key) !== asOf) throw new RunKeyRefused(`its day as its key: ${asOf}, or ${asOf}.2 … to run it again`);
    await openBooks(tx, asOf);
    await beginBatch(tx, { batchId: runId, isPreview: false, asOf, at: this.clock.now() });
    return {};
  }

  async slice(tx: Tx, { runId, asOf }: Run, { from, to }: Slice): Promise<Counts> {
    const { expires_before: expiresBefore } = await begunBatch(tx, runId);
    const at = this.clock.now();
    const { customers, lots, points } = await intoOpenBooks(
      clearSlice(tx, {
        ...{ batchId: runId, from, to, expiresBefore },
        ...{ runId, at, businessDate: asOf },
      }),
    );
    return { customers, lots, points };
  }

  async finish(tx: Tx, run: Run): Promise<Outcome> {
    const at = this.clock.now();
    await endBatch(tx, run.runId, at);
    await this.outbox.publish(tx, PointsExpired, { runId: run.runId, asOf: run.asOf }, { occurredAt: at });
    return entriesOf(tx, run);
  }
}

/** @throws RunKeyRefused */
function dayOf(key: string): string {
  const day = /^(\d{4}-\d{2}-\d{2})(?:\.\w+)?$/.exec(key)?.[1];
  if (!day) throw new RunKeyRefused('a day as its key: YYYY-MM-DD, or YYYY-MM-DD.2 … to run it again');
  return day;
}
