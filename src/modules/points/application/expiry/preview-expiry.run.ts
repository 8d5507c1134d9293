import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { Clock } from '../../../../platform/clock/index.js';
import type { Tx } from '../../../../platform/database/index.js';
import {
  DefinesRun,
  type Counts,
  type Outcome,
  type Population,
  type Run,
  type RunDefinition,
  type Slice,
} from '../../../../platform/queues/index.js';
import { beginBatch, begunBatch, endBatch, ownersOfDueLots, previewSlice } from '../../persistence/expiry/expiry.js';

/** What clearing would clear as of a day (清零试算, PTS-11), by class, province and last day. It posts nothing. */
@DefinesRun()
@Injectable()
export class PreviewExpiry implements RunDefinition {
  readonly kind = 'points.preview-expiry';
  readonly describe = 'Adds up the points that clearing would clear as of a day; posts nothing.';
  readonly permission = 'points.run';

  constructor(private readonly clock: Clock) {}

  population({ runId }: Run): Population {
    return ownersOfDueLots(runId);
  }

  async prepare(tx: Tx, { runId, asOf }: Run): Promise<object> {
    await beginBatch(tx, { batchId: runId, isPreview: true, asOf, at: this.clock.now() });
    return {};
  }

  async slice(tx: Tx, { runId }: Run, { from, to }: Slice): Promise<Counts> {
    const { expires_before: expiresBefore } = await begunBatch(tx, runId);
    const { customers, lots, points } = await previewSlice(tx, { batchId: runId, from, to, expiresBefore });
    return { customers, lots, points };
  }

  async finish(tx: Tx, { runId, asOf }: Run, totals: Counts): Promise<Outcome> {
    await endBatch(tx, runId, this.clock.now());
    const checksum = createHash('sha256')
      .update(JSON.stringify([asOf, totals]))
      .digest('hex');
    return { checksum, summary: { points: totals['points'] ?? 0 } };
  }
}
