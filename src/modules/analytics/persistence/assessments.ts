import type { Tx } from '../../../platform/database/index.js';

/** An assessment of everybody that has begun. */
export interface BegunAssessment {
  readonly runId: string;
  readonly asOf: string;
  readonly ruleSetVersion: string;
  readonly startedAt: Date;
}

export async function beginAssessment(tx: Tx, begun: BegunAssessment): Promise<void> {
  await tx.execute(
    'INSERT INTO analytics.churn_assessment (run_id, as_of, rule_set_version, started_at) VALUES ($1, $2, $3, $4)',
    [begun.runId, begun.asOf, begun.ruleSetVersion, begun.startedAt],
  );
}

/** The assessment of the latest day; also one that is still under way, since it has scored some customers already. */
export async function lastAssessment(
  tx: Tx,
): Promise<{ readonly asOf: string; readonly ruleSetVersion: string } | undefined> {
  const [row] = await tx.query<{ asOf: string; ruleSetVersion: string }>(
    `SELECT as_of AS "asOf", rule_set_version AS "ruleSetVersion" FROM analytics.churn_assessment
     ORDER BY as_of DESC, started_at DESC LIMIT 1`,
  );
  return row;
}
