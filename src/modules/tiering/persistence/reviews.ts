import type { Tx } from '../../../platform/database/index.js';
import type { Counts, Outcome, Run, Slice } from '../../../platform/queues/index.js';
import { reviewSlice, type Reconsideration } from './review-slice.js';
import { ruleSetOfVersion } from './rule-sets.js';

/** A review of all levels that has begun. */
export interface BegunReview {
  readonly runId: string;
  readonly asOf: string;
  readonly ruleSetVersion: string;
  readonly startedAt: Date;
}

export async function beginReview(tx: Tx, { runId, asOf, ruleSetVersion, startedAt }: BegunReview): Promise<void> {
  await tx.execute('INSERT INTO tiering.review (run_id, as_of, rule_set_version, started_at) VALUES ($1, $2, $3, $4)', [
    runId,
    asOf,
    ruleSetVersion,
    startedAt,
  ]);
}

/** The review of the latest day; also one that is still under way, since it has decided some customers already. */
export async function lastReview(
  tx: Tx,
): Promise<{ readonly asOf: string; readonly ruleSetVersion: string } | undefined> {
  const [row] = await tx.query<{ asOf: string; ruleSetVersion: string }>(
    `SELECT as_of AS "asOf", rule_set_version AS "ruleSetVersion" FROM tiering.review
     ORDER BY as_of DESC, started_at DESC LIMIT 1`,
  );
  return row;
}

/** Whether a review has given somebody a level from a later day on. Between reviews levels begin on any day. */
export async function hasReviewedAfter(tx: Tx, asOf: string): Promise<boolean> {
  const found = await tx.query(
    `SELECT FROM tiering.current_tier t
     JOIN tiering.tier_decision d ON d.customer_id = t.customer_id AND d.decision_id = t.decision_id AND d.cause IS NULL
     WHERE t.valid_from > $1 LIMIT 1`,
    [asOf],
  );
  return found.length > 0;
}

interface DecideAgain extends Pick<Reconsideration, 'cause'> {
  readonly run: Run;
  readonly slice: Slice;
  readonly decidedAt: Date;
}

/** Decides customers as the last review would have by the figures of now. Before the first review there is nothing to decide anew. */
export async function decideAgain(tx: Tx, { cause, ...what }: DecideAgain): Promise<Counts> {
  const last = await lastReview(tx);
  if (!last) return {};
  const ruleSet = await ruleSetOfVersion(tx, last.ruleSetVersion);
  return reviewSlice(tx, { ...what, ruleSet, again: { reviewAsOf: last.asOf, cause } });
}

/** What a run between reviews has decided, for its end. */
export async function decisionsOf(tx: Tx, { runId }: Pick<Run, 'runId'>): Promise<Outcome> {
  const [row] = await tx.query<{ checksum: string }>(
    `SELECT COALESCE(sum(hashtextextended(customer_id || outcome || to_tier || COALESCE(would_be, ''), 0)), 0)::text AS checksum
     FROM tiering.tier_decision WHERE run_id = $1`,
    [runId],
  );
  return { checksum: row?.checksum ?? '' };
}
