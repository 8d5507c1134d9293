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

const MOST = 1_000;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * Takes a level away within the level year: only from customers of a fraud case (欺诈), and only as far as the rules give them less by the
 * figures as they are now. The key is the number of the case.
 */
@DefinesRun()
@Injectable()
export class LowerTiersForFraud implements RunDefinition<Fraud> {
  readonly kind = 'tiering.lower-for-fraud';
  readonly describe =
    'Lowers, within the level year, the levels of the customers of a fraud case to what the rules give.';
  readonly permission = 'tiering.run';

  constructor(private readonly clock: Clock) {}

  /** @throws RunParametersRefused */
  parametersFrom({ customerIds, ...others }: Readonly<Record<string, unknown>>): Fraud {
    const ids: readonly unknown[] = Array.isArray(customerIds) ? customerIds : [];
    const known = ids.filter((id) => typeof id === 'string').filter((id) => UUID.test(id));
    if (known.length === 0 || known.length > MOST || known.length < ids.length || Object.keys(others).length > 0) {
      throw new RunParametersRefused(`customerIds: 1 to ${MOST} ids of customers`);
    }
    return { customerIds: known };
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
