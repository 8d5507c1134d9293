import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../platform/clock/index.js';
import type { Tx } from '../../../../platform/database/index.js';
import {
  DefinesRun,
  onceADay,
  type Counts,
  type Outcome,
  type Population,
  type Run,
  type RunDefinition,
  type Slice,
} from '../../../../platform/queues/index.js';
import { entriesOf, openBooks } from '../../persistence/earning/accrue-from-bills.js';
import { activatePendingLots } from '../../persistence/earning/pending-lots.js';

/**
 * Makes points usable that waited for their bills to be paid (积分生效). A bill that is corrected afterwards and earns more waits again,
 * with what it earns more.
 */
@DefinesRun()
@Injectable()
export class ActivatePoints implements RunDefinition {
  readonly kind = 'points.activate';
  readonly describe = 'Makes points usable whose bills have been paid.';
  readonly permission = 'points.run';
  // After the arrears of the night, which say what is paid.
  readonly schedule = onceADay('40 4 * * *');
  readonly sliceSize: number = 5_000;

  constructor(private readonly clock: Clock) {}

  population(): Population {
    return { sql: 'SELECT DISTINCT customer_id FROM points.pending_lot WHERE pending > 0' };
  }

  async prepare(tx: Tx, { asOf }: Run): Promise<Record<never, never>> {
    await openBooks(tx, asOf);
    return {};
  }

  async slice(tx: Tx, { asOf, runId }: Run, { from, to }: Slice): Promise<Counts> {
    const recordedAt = this.clock.now();
    const { entries, postings, activated } = await activatePendingLots(tx, {
      from,
      to,
      paidBefore: endOf(asOf),
      businessDate: asOf,
      recordedAt,
      runId,
    });
    return { bills: entries, postings, activated };
  }

  finish(tx: Tx, run: Run): Promise<Outcome> {
    return entriesOf(tx, run);
  }
}

/** Of a business day, in Shanghai. */
const endOf = (day: string): Date => new Date(Date.parse(`${day}T00:00:00+08:00`) + 24 * 60 * 60 * 1000);
