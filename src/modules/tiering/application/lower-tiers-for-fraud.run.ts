import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import type { Tx } from '../../../platform/database/index.js';
import {
  DefinesRun,
  RunParametersRefused,
  type Counts,
  type Outcome,
  type Population,
  type Run,
  type RunDefinition,
  type Slice,
} from '../../../platform/queues/index.js';
import { decisionsOf, decideAgain } from '../persistence/reviews.js';

interface Fraud {
  readonly customerIds: readonly string[];
}

export const LOWER_FOR_FRAUD = 'tiering.lower-for-fraud';

/**
 * Takes a level away within the level year: only from customers of a fraud case (欺诈), and only as far as the rules give them less by the
 * figures as they are now. The key is the number of the case, which a second person has approved.
 */
@DefinesRun()
@Injectable()
export class LowerTiersForFraud implements RunDefinition<Fraud> {
  readonly kind = LOWER_FOR_FRAUD;
  readonly describe =
    'Lowers, within the level year, the levels of the customers of a fraud case to what the rules give.';
  readonly permission = 'tiering.run';

  constructor(private readonly clock: Clock) {}

  /** Nobody takes a level away alone. @throws RunParametersRefused */
  parametersFrom(): Fraud {
    throw new RunParametersRefused(
      'a fraud case that a second person has approved: POST /care-api/tiering/v1/fraudCase',
    );
  }

  population({ parameters }: Run<Fraud>): Population {
    return {
      sql: 'SELECT customer_id FROM customers.profile WHERE customer_id = ANY($1::uuid[])',
      params: [parameters.customerIds],
    };
  }

  slice(tx: Tx, run: Run<Fraud>, slice: Slice): Promise<Counts> {
    const { customerIds } = run.parameters;
    return decideAgain(tx, {
      run,
      slice,
      customers: customerIds,
      cause: { fraudCase: run.key },
      decidedAt: this.clock.now(),
    });
  }

  finish(tx: Tx, run: Run<Fraud>): Promise<Outcome> {
    return decisionsOf(tx, run);
  }
}
