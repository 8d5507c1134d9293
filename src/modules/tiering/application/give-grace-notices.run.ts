import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
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
import { giveNotices, IN_GRACE } from '../persistence/tier-graces.js';

/**
 * Tells those whose level will be lowered (降级缓冲提醒; TIER-11), again in the middle of their grace and before its end. The run that
 * began the grace has told them first.
 */
@DefinesRun()
@Injectable()
export class GiveGraceNotices implements RunDefinition {
  readonly kind = 'tiering.grace-notices';
  readonly describe = 'Tells customers in grace that their level will be lowered: in the middle, and before the end.';
  readonly permission = 'tiering.run';
  // When people are awake, and after the runs of the night.
  readonly schedule = onceADay('0 9 * * *');

  constructor(private readonly clock: Clock) {}

  population({ asOf }: Run): Population {
    return { sql: IN_GRACE, params: [asOf] };
  }

  slice(tx: Tx, { asOf }: Run, slice: Slice): Promise<Counts> {
    return giveNotices(tx, { slice, asOf, at: this.clock.now() });
  }

  async finish(tx: Tx, { asOf }: Run): Promise<Outcome> {
    const graces = await tx.query<{ notices: number; customers: number }>(
      'SELECT notices, count(*) AS customers FROM tiering.tier_grace WHERE ends_on > $1::date GROUP BY notices ORDER BY notices',
      [asOf],
    );
    return { checksum: createHash('sha256').update(JSON.stringify(graces)).digest('hex') };
  }
}
