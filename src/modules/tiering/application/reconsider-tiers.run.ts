import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import type { Tx } from '../../../platform/database/index.js';
import {
  DefinesRun,
  type Counts,
  type Outcome,
  type Population,
  type Run,
  type RunDefinition,
  type Slice,
} from '../../../platform/queues/index.js';
import { changedByIntake, intakeOfRun } from '../../usage/index.js';
import { decisionsOf, decideAgain } from '../persistence/reviews.js';

/**
 * Decides anew, as the last review would have, whose figures an intake has changed after their months were closed (DOMAIN §4.3.5 and 8). A
 * higher level holds from the day of the run; a lower one is recorded and comes, if then still right, with the year's review.
 */
@DefinesRun()
@Injectable()
export class ReconsiderTiers implements RunDefinition {
  readonly kind = 'tiering.reconsider';
  readonly describe = 'Decides the levels anew of customers whose closed months an intake, its key, has changed.';
  readonly permission = 'tiering.run';

  constructor(private readonly clock: Clock) {}

  /** @throws RunKeyRefused */
  checkKey(key: string): void {
    intakeOfRun({ key });
  }

  population(run: Run): Population {
    return changedByIntake(intakeOfRun(run));
  }

  slice(tx: Tx, run: Run, slice: Slice): Promise<Counts> {
    const intakeId = intakeOfRun(run);
    return decideAgain(tx, {
      run,
      slice,
      customers: { ofIntakes: [intakeId] },
      cause: { intakeId },
      decidedAt: this.clock.now(),
    });
  }

  async finish(tx: Tx, run: Run): Promise<Outcome> {
    await tx.execute('INSERT INTO tiering.reconsidered_intake (intake_id, run_id, finished_at) VALUES ($1, $2, $3)', [
      intakeOfRun(run),
      run.runId,
      this.clock.now(),
    ]);
    return decisionsOf(tx, run);
  }
}
