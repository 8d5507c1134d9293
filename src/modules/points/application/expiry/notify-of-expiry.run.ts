import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
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
import { notifySlice, ownersOfEndingLots } from '../../persistence/expiry/expiry.js';

/** Tells customers 90, 30 and 7 days before that points of theirs will expire (到期提醒, PTS-27): each once. */
@DefinesRun()
@Injectable()
export class NotifyOfExpiry implements RunDefinition {
  readonly kind = 'points.notify-of-expiry';
  readonly describe = 'Tells customers that points of theirs will expire: 90, 30 and 7 days before their last day.';
  readonly permission = 'points.run';
  // When people are awake, and after the runs of the night.
  readonly schedule = onceADay('10 9 * * *');

  constructor(private readonly clock: Clock) {}

  population({ asOf }: Run): Population {
    return ownersOfEndingLots(asOf);
  }

  async slice(tx: Tx, { runId, asOf }: Run, { from, to }: Slice): Promise<Counts> {
    const { notices, points } = await notifySlice(tx, { from, to, asOf, runId, at: this.clock.now() });
    return { notices, points };
  }

  finish(_: Tx, { asOf }: Run, totals: Counts): Promise<Outcome> {
    const checksum = createHash('sha256')
      .update(JSON.stringify([asOf, totals]))
      .digest('hex');
    return Promise.resolve({ checksum, summary: { notices: totals['notices'] ?? 0 } });
  }
}
