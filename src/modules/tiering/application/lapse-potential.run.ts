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
import { AT_THEIR_END, lapsePotential } from '../persistence/potential-customers.js';

/** Ends, each night, candidacies that nobody has answered in time and trials whose day has come (CUS-21). A second run finds none. */
@DefinesRun()
@Injectable()
export class LapsePotential implements RunDefinition {
  readonly kind = 'tiering.lapse-potential';
  readonly describe = 'Ends unanswered candidacies of potential customers and trial entitlements on their day.';
  readonly permission = 'tiering.run';
  readonly schedule = onceADay('20 0 * * *');

  constructor(private readonly clock: Clock) {}

  population({ asOf }: Run): Population {
    return { sql: AT_THEIR_END, params: [asOf] };
  }

  slice(tx: Tx, { asOf }: Run, slice: Slice): Promise<Counts> {
    return lapsePotential(tx, { slice, asOf, at: this.clock.now() });
  }

  finish(_: Tx, { asOf }: Run, { lapsed = 0, trialsEnded = 0 }: Counts): Promise<Outcome> {
    const summary = { lapsed, trialsEnded };
    const checksum = createHash('sha256')
      .update(JSON.stringify([asOf, summary]))
      .digest('hex');
    return Promise.resolve({ checksum, summary });
  }
}
