import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { Clock } from '../../../platform/clock/index.js';
import type { Tx } from '../../../platform/database/index.js';
import {
  DefinesRun,
  onceADay,
  type Counts,
  type Outcome,
  type Population,
  type Run,
  type RunDefinition,
  type Slice,
} from '../../../platform/queues/index.js';
import { tellWhatWasEarned, whoEarnedAndWantsToKnow } from '../persistence/notices-of-points.js';

/** Tells customers who want messages what they have earned (积分到账提醒, PTS-27): once for each month of use. */
@DefinesRun()
@Injectable()
export class TellWhatWasEarned implements RunDefinition {
  readonly kind = 'care.tell-what-was-earned';
  readonly describe = 'Tells customers who want messages how many points a month has earned them.';
  readonly permission = 'care.manage';
  // When people are awake, and after they were told of what expires.
  readonly schedule = onceADay('40 9 * * *');

  constructor(private readonly clock: Clock) {}

  population({ asOf }: Run): Population {
    return whoEarnedAndWantsToKnow(asOf);
  }

  async slice(tx: Tx, { asOf }: Run, slice: Slice): Promise<Counts> {
    return { notices: await tellWhatWasEarned(tx, { slice, asOf, at: this.clock.now() }) };
  }

  finish(_: Tx, { asOf }: Run, totals: Counts): Promise<Outcome> {
    const checksum = createHash('sha256')
      .update(JSON.stringify([asOf, totals]))
      .digest('hex');
    return Promise.resolve({ checksum });
  }
}
