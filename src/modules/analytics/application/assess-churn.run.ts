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
import { assessSlice } from '../persistence/assess-slice.js';
import { beginAssessment } from '../persistence/assessments.js';
import { churnRuleSetInEffect, churnRuleSetOfVersion } from '../persistence/churn-rule-sets.js';

/** Scores the risk of losing every customer in the network (流失预警; ANA-18) and announces whose risk became high. */
@DefinesRun()
@Injectable()
export class AssessChurn implements RunDefinition<WaitsForBills> {
  readonly kind = 'analytics.churn';
  readonly describe = 'Scores the churn risk of every customer as of a day and announces whose risk has become high.';
  readonly permission = 'analytics.run';
  // The bills of a month are in by the 5th; before them everybody's spend would seem to have fallen.
  readonly schedule = monthlyOnceBilled('30 4 6 * *');
  readonly sliceSize: number = 5_000;
  readonly parallelSlices: number = 2;

  constructor(private readonly clock: Clock) {}

  population(): Population {
    return { sql: 'SELECT customer_id FROM customers.profile' };
  }

  async prepare(tx: Tx, { runId, asOf, parameters }: Run<WaitsForBills>): Promise<{ ruleVersion: string }> {
    if (parameters.onlyWithBillsOf) await requireBillsOf(tx, parameters.onlyWithBillsOf);
    const { version } = await churnRuleSetInEffect(tx, asOf);
    await beginAssessment(tx, { runId, asOf, ruleSetVersion: version, startedAt: this.clock.now() });
    return { ruleVersion: version };
  }

  async slice(tx: Tx, run: Run, slice: Slice): Promise<Counts> {
    const ruleSet = await churnRuleSetOfVersion(tx, run.ruleVersion ?? '');
    return assessSlice(tx, { run, slice, ruleSet, assessedAt: this.clock.now() });
  }

  async finish(tx: Tx): Promise<Outcome> {
    const found = await tx.query<{ band: string; customers: number; hash: string; revenue: string }>(
      `SELECT band, count(*) AS customers, sum(uuid_hash_extended(customer_id, risk))::text AS hash,
         sum(revenue_at_risk_fen)::text AS revenue
       FROM analytics.churn_score GROUP BY band ORDER BY band`,
    );
    return {
      checksum: createHash('sha256').update(JSON.stringify(found)).digest('hex'),
      summary: { customers: Object.fromEntries(found.map(({ band, customers }) => [band, customers])) },
    };
  }
}
