import { createHash } from 'node:crypto';
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
import { monthlyOnceBilled, requireBillsOf, type WaitsForBills } from '../../usage/index.js';
import { ReviewBeforeTheLast } from '../domain/refusals.js';
import { beginReview, hasReviewedAfter, lowerPending, reviewPart } from '../persistence/reviews.js';
import { PROGRAM } from '../persistence/rule-sets.js';

/**
 * The review of all levels (定期评级; TIER-10, TIER-11): upgrades and downgrades hold from the as-of day. Held again under
 * another key, for instance after late bills, it changes what the new facts change and nothing else.
 */
@DefinesRun()
@Injectable()
export class ReviewTiers implements RunDefinition<WaitsForBills> {
  readonly kind = 'tiering.review';
  readonly describe = 'Decides the level of every customer as of a day and records whose level changes.';
  readonly permission = 'tiering.run';
  // The bills of a month are in by the 5th; the package route follows them monthly. In January the year that counts would
  // change a month before its review.
  readonly schedule = monthlyOnceBilled('30 2 6 2-12 *');
  // Measured: of 25,000 customers the months stay in the processor's caches; below 10,000 the statement's planning shows.
  readonly sliceSize: number = 25_000;
  readonly parallelSlices: number = 2;

  constructor(private readonly clock: Clock) {}

  population(): Population {
    return { sql: 'SELECT customer_id FROM customers.profile' };
  }

  async prepare(tx: Tx, { runId, asOf, parameters }: Run<WaitsForBills>): Promise<{ ruleVersion: string }> {
    if (parameters.onlyWithBillsOf) await requireBillsOf(tx, parameters.onlyWithBillsOf);
    if (await hasReviewedAfter(tx, { program: PROGRAM, asOf })) throw new ReviewBeforeTheLast(asOf);
    const { rules } = await beginReview(tx, { runId, program: PROGRAM, asOf, startedAt: this.clock.now() });
    return { ruleVersion: rules.everywhere.version };
  }

  slice(tx: Tx, run: Run, slice: Slice): Promise<Counts> {
    return reviewPart(tx, { run, slice, decidedAt: this.clock.now() });
  }

  /** @throws TooManyDowngrades */
  async finish(tx: Tx, run: Run): Promise<Outcome> {
    await lowerPending(tx, run, this.clock.now());
    const levels = await tx.query<{ tier: string; customers: number; hash: string }>(
      `SELECT tier, count(*) AS customers, sum(uuid_hash_extended(customer_id, valid_from - DATE '2000-01-01'))::text AS hash
       FROM tiering.current_tier GROUP BY tier ORDER BY tier`,
    );
    return {
      checksum: createHash('sha256').update(JSON.stringify(levels)).digest('hex'),
      summary: { levels: Object.fromEntries(levels.map(({ tier, customers }) => [tier, customers])) },
    };
  }
}
