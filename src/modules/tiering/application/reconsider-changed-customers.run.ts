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
import { closeChanges, freezeChanges, INCREMENTAL, takenBy } from '../persistence/incremental-runs.js';
import { decideAgain, decisionsOf, lastReview } from '../persistence/reviews.js';
import { PROGRAM } from '../persistence/rule-sets.js';

/**
 * Decides anew, as the last review would have, everybody whose closed months or profile have changed since the run before: one run for
 * however many intakes (TIER-10). A higher level holds from the day of the run; a lower one comes with the year's review (DOMAIN §4.3.8).
 */
@DefinesRun()
@Injectable()
export class ReconsiderChangedCustomers implements RunDefinition {
  readonly kind = INCREMENTAL;
  readonly describe =
    'Decides the levels anew of customers whose closed months or profile have changed since the last such run.';
  readonly permission = 'tiering.run';
  // Late figures start it when they come; profiles wait for the night.
  readonly schedule = onceADay('50 1 * * *');
  // Measured: customers far apart cost an access to each month; two hands share what one run usually holds.
  readonly sliceSize = 5_000;
  readonly parallelSlices = 2;

  constructor(private readonly clock: Clock) {}

  async prepare(tx: Tx, run: Run): Promise<{ ruleVersion?: string }> {
    await freezeChanges(tx, run, { program: PROGRAM, now: this.clock.now() });
    const last = await lastReview(tx, PROGRAM);
    return last ? { ruleVersion: last.rules.everywhere.version } : {};
  }

  population({ runId }: Run): Population {
    return { sql: `SELECT DISTINCT customer_id FROM (${takenBy('$1')}) taken`, params: [runId] };
  }

  async slice(tx: Tx, run: Run, slice: Slice): Promise<Counts> {
    return decideAgain(tx, {
      run,
      slice,
      customers: 'taken',
      cause: { changed: 'facts' },
      decidedAt: this.clock.now(),
    });
  }

  async finish(tx: Tx, run: Run): Promise<Outcome> {
    await closeChanges(tx, run, this.clock.now());
    return decisionsOf(tx, run);
  }
}
