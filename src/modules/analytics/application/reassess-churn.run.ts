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
import { assessSlice } from '../persistence/assess-slice.js';
import { lastAssessment } from '../persistence/assessments.js';
import { churnRuleSetOfVersion } from '../persistence/churn-rule-sets.js';

/**
 * Scores anew, as the last assessment would have, whose figures an intake has changed after their months were closed (DOMAIN §4.3.5).
 * What had been said of them stays in the history.
 */
@DefinesRun()
@Injectable()
export class ReassessChurn implements RunDefinition {
  readonly kind = 'analytics.reassess-churn';
  readonly describe = 'Scores the churn risk anew of customers whose closed months an intake, its key, has changed.';
  readonly permission = 'analytics.run';

  constructor(private readonly clock: Clock) {}

  /** @throws RunKeyRefused */
  checkKey(key: string): void {
    intakeOfRun({ key });
  }

  population(run: Run): Population {
    return changedByIntake(intakeOfRun(run));
  }

  async slice(tx: Tx, { runId, key }: Run, slice: Slice): Promise<Counts> {
    const last = await lastAssessment(tx);
    if (!last) return {};
    const ruleSet = await churnRuleSetOfVersion(tx, last.ruleSetVersion);
    const run = { runId, asOf: last.asOf };
    return assessSlice(tx, { run, slice, ruleSet, assessedAt: this.clock.now(), becauseOf: intakeOfRun({ key }) });
  }

  async finish(tx: Tx, { runId }: Run): Promise<Outcome> {
    const [row] = await tx.query<{ checksum: string }>(
      `SELECT COALESCE(sum(uuid_hash_extended(customer_id, risk)), 0)::text AS checksum
       FROM analytics.churn_score WHERE run_id = $1`,
      [runId],
    );
    return { checksum: row?.checksum ?? '' };
  }
}
