import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import type { Tx } from '../../../platform/database/index.js';
import type { Counts, Outcome, Population, Run, RunDefinition, Slice } from '../../../platform/queues/index.js';
import { requireBillsOf, type WaitsForBills } from '../../usage/index.js';
import { ReviewBeforeTheLast } from '../domain/refusals.js';
import { levelsOf } from '../persistence/levels-of.js';
import { beginReview, hasReviewedAfter, lowerPending, reviewPart } from '../persistence/reviews.js';

/** Gives the levels of one programme to everybody as of a day; again under another key, it changes what new facts change. */
@Injectable() // what its constructor takes is given to those who extend it
export abstract class GivesLevels<Parameters extends WaitsForBills> implements RunDefinition<Parameters> {
  abstract readonly kind: `tiering.${string}`;
  abstract readonly describe: string;
  readonly permission = 'tiering.run';
  // Measured: 8.5 µs a customer with 6,000 to 16,000 of them, whose sums stay in the processor's cache; 10 µs with 25,000.
  readonly sliceSize: number = 10_000;
  readonly parallelSlices: number = 2;

  constructor(private readonly clock: Clock) {}

  protected abstract programOf(run: Run<Parameters>): string;

  population(): Population {
    return { sql: 'SELECT customer_id FROM customers.profile' };
  }

  async prepare(tx: Tx, run: Run<Parameters>): Promise<{ ruleVersion: string }> {
    const { runId, asOf, parameters } = run;
    const program = this.programOf(run);
    if (parameters.onlyWithBillsOf) await requireBillsOf(tx, parameters.onlyWithBillsOf);
    if (await hasReviewedAfter(tx, { program, asOf })) throw new ReviewBeforeTheLast(asOf);
    const { rules } = await beginReview(tx, { runId, program, asOf, startedAt: this.clock.now() });
    return { ruleVersion: rules.everywhere.version };
  }

  slice(tx: Tx, run: Run<Parameters>, slice: Slice): Promise<Counts> {
    return reviewPart(tx, { run, slice, decidedAt: this.clock.now() });
  }

  /** @throws TooManyDowngrades */
  async finish(tx: Tx, run: Run<Parameters>): Promise<Outcome> {
    await lowerPending(tx, run, this.clock.now());
    return levelsOf(tx, this.programOf(run));
  }
}
