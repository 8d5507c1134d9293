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
import { AT_A_BOUNDARY, exceptionsAtBoundary } from '../persistence/tier-overrides.js';
import { followException } from './follow-exception.js';

/**
 * Lets levels follow the exceptions that begin or end by themselves (TIER-12): of the day, and of the week before, should a night have been
 * missed. Who stands there already is decided the same again, which changes nothing.
 */
@DefinesRun()
@Injectable()
export class FollowLevelExceptions implements RunDefinition {
  readonly kind = 'tiering.level-exceptions';
  readonly describe = 'Decides the levels of customers whose level by hand begins or ends on the day.';
  readonly permission = 'tiering.run';
  readonly schedule = onceADay('10 0 * * *');

  constructor(private readonly clock: Clock) {}

  population({ asOf }: Run): Population {
    return { sql: AT_A_BOUNDARY, params: [asOf] };
  }

  async slice(tx: Tx, { asOf }: Run, slice: Slice): Promise<Counts> {
    const exceptions = await exceptionsAtBoundary(tx, slice, asOf);
    for (const each of exceptions) await followException(tx, each, { today: asOf, now: this.clock.now() });
    return { followed: exceptions.length };
  }

  finish(_: Tx, { asOf }: Run, { followed = 0 }: Counts): Promise<Outcome> {
    return Promise.resolve({ checksum: createHash('sha256').update(`${asOf} ${followed}`).digest('hex') });
  }
}
