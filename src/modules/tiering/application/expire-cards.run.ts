import { Injectable } from '@nestjs/common';
import { createHash } from 'node:crypto';
import { Clock } from '../../../platform/clock/index.js';
import type { Tx } from '../../../platform/database/index.js';
import {
  DefinesRun,
  onceADay,
  isInSlice,
  type Counts,
  type Outcome,
  type Population,
  type Run,
  type RunDefinition,
  type Slice,
} from '../../../platform/queues/index.js';
import { IS_OPEN } from '../persistence/cards.js';

/** Writes down, each night, whose card was good until yesterday (卡有效期). A second run finds none. */
@DefinesRun()
@Injectable()
export class ExpireCards implements RunDefinition {
  readonly kind = 'tiering.expire-cards';
  readonly describe = 'Ends the cards whose last day has passed.';
  readonly permission = 'tiering.run';
  readonly schedule = onceADay('10 0 * * *');

  constructor(private readonly clock: Clock) {}

  population({ asOf }: Run): Population {
    return { sql: `SELECT customer_id FROM tiering.card WHERE valid_until < $1 AND ${IS_OPEN}`, params: [asOf] };
  }

  async slice(tx: Tx, { asOf }: Run, { from, to }: Slice): Promise<Counts> {
    const expired = await tx.execute(
      `UPDATE tiering.card c SET status = 'expired', ended_at = $4
       WHERE ${isInSlice('c')} AND c.valid_until < $3 AND c.${IS_OPEN}`,
      [from, to, asOf, this.clock.now()],
    );
    return { expired };
  }

  finish(_: Tx, { asOf }: Run, totals: Counts): Promise<Outcome> {
    const summary = { expired: totals['expired'] ?? 0 };
    const checksum = createHash('sha256')
      .update(JSON.stringify([asOf, summary]))
      .digest('hex');
    return Promise.resolve({ checksum, summary });
  }
}
