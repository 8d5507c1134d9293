import { Refusal } from '../../../platform/errors/index.js';
import { withoutNestedLoops, type Tx } from '../../../platform/database/index.js';
import type { Counts, Outcome, Run, Slice } from '../../../platform/queues/index.js';
import { allowedDowngrades } from '../domain/movement.js';
import type { RuleSet } from '../domain/rule-set.js';
import { levelYearOf } from '../domain/standing.js';
import type { Region } from './decided-rows.js';
import { reviewSlice, type Reconsideration } from './review-slice.js';
import { PROGRAM, rulesInEffect, ruleSetOfVersion, type RulesInEffect } from './rule-sets.js';
import { lowerPendingSql } from './write-decisions.js';

/** A review of all levels of a programme that has begun. */
export interface Review {
  readonly runId: string;
  readonly program: string;
  readonly asOf: string;
  readonly rules: RulesInEffect;
  /** The first of its level year (定级年度). */
  readonly isYearly: boolean;
}

/** Begins the review with the rule sets of the day: all slices decide by the same ones. */
export async function beginReview(
  tx: Tx,
  { runId, program, asOf, startedAt }: Pick<Review, 'runId' | 'program' | 'asOf'> & { readonly startedAt: Date },
): Promise<Review> {
  const rules = await rulesInEffect(tx, { program, asOf });
  const { from } = levelYearOf(rules.everywhere.body.review, asOf);
  const [earlier] = await tx.query(
    'SELECT FROM tiering.review WHERE program = $1 AND as_of >= $2 AND is_yearly AND run_id <> $3 LIMIT 1',
    [program, from, runId],
  );
  const review = { runId, program, asOf, rules, isYearly: !earlier };
  await tx.execute(
    `INSERT INTO tiering.review (run_id, program, as_of, rule_set_version, trial_version, trial_regions, is_yearly, started_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      runId,
      program,
      asOf,
      rules.everywhere.version,
      rules.trial?.ruleSet.version ?? null,
      rules.trial?.regions ?? null,
      review.isYearly,
      startedAt,
    ],
  );
  // What an earlier run would have lowered and did not is decided anew now.
  await tx.execute('DELETE FROM tiering.pending_downgrade WHERE program = $1', [program]);
  return review;
}

interface ReviewRow {
  readonly run_id: string;
  readonly program: string;
  readonly as_of: string;
  readonly rule_set_version: string;
  readonly trial_version: string | null;
  readonly trial_regions: readonly string[] | null;
  readonly is_yearly: boolean;
}

export async function reviewOf(tx: Tx, { runId }: Pick<Run, 'runId'>): Promise<Review> {
  const [row] = await tx.query<ReviewRow & Record<string, unknown>>('SELECT * FROM tiering.review WHERE run_id = $1', [
    runId,
  ]);
  if (!row) throw new Error('the review has not begun');
  return reviewFrom(tx, row);
}

/** The review of the latest day; also one that is still under way, since it has decided some customers already. */
export async function lastReview(tx: Tx, program: string): Promise<Review | undefined> {
  const [row] = await tx.query<ReviewRow & Record<string, unknown>>(
    `SELECT * FROM tiering.review WHERE program = $1 ORDER BY as_of DESC, started_at DESC LIMIT 1`,
    [program],
  );
  return row && reviewFrom(tx, row);
}

async function reviewFrom(tx: Tx, row: ReviewRow): Promise<Review> {
  const everywhere = await ruleSetOfVersion(tx, row.rule_set_version);
  const trial =
    row.trial_version !== null && row.trial_regions !== null
      ? { ruleSet: await ruleSetOfVersion(tx, row.trial_version), regions: row.trial_regions }
      : undefined;
  return {
    runId: row.run_id,
    program: row.program,
    asOf: row.as_of,
    rules: { everywhere, ...(trial && { trial }) },
    isYearly: row.is_yearly,
  };
}

/** Each rule set with where it decides. */
function partsOf({ everywhere, trial }: RulesInEffect): readonly { ruleSet: RuleSet; region?: Region }[] {
  if (!trial) return [{ ruleSet: everywhere }];
  return [
    { ruleSet: everywhere, region: { except: trial.regions } },
    { ruleSet: trial.ruleSet, region: { only: trial.regions } },
  ];
}

/** Decides with each rule set where it decides, and adds up what they counted. */
export async function sumOverParts(
  rules: RulesInEffect,
  decideWith: (part: { readonly ruleSet: RuleSet; readonly region?: Region }) => Promise<Counts>,
): Promise<Counts> {
  const sums: Record<string, number> = {};
  for (const part of partsOf(rules)) {
    for (const [name, count] of Object.entries(await decideWith(part))) sums[name] = count + (sums[name] ?? 0);
  }
  return sums;
}

/** Whether a review has given somebody a level from a later day on. Between reviews levels begin on any day. */
export async function hasReviewedAfter(tx: Tx, { program, asOf }: Pick<Review, 'program' | 'asOf'>): Promise<boolean> {
  const found = await tx.query(
    `SELECT FROM tiering.review r WHERE r.program = $1 AND r.as_of > $2 AND EXISTS (
       SELECT FROM tiering.tier_decision d WHERE d.run_id = r.run_id AND d.outcome IN ('entered', 'upgraded', 'downgraded')) LIMIT 1`,
    [program, asOf],
  );
  return found.length > 0;
}

/** One slice of a review over everybody: downgrades wait until all of them are known. */
export async function reviewPart(
  tx: Tx,
  { run, slice, decidedAt }: { readonly run: Run; readonly slice: Slice; readonly decidedAt: Date },
): Promise<Counts> {
  const { rules, isYearly } = await reviewOf(tx, run);
  return sumOverParts(rules, (part) =>
    reviewSlice(tx, { run, slice, ...part, isYearlyReview: isYearly, decidedAt, defersDowngrades: true }),
  );
}

/** A run over everybody would lower too many: nobody has been lowered. */
export class TooManyDowngrades extends Refusal {
  static readonly code = 'tiering.too-many-downgrades';
  static readonly kind = 'rejected';
  constructor(facts: { readonly downgrades: number; readonly held: number; readonly allowed: number }) {
    super(
      TooManyDowngrades.code,
      TooManyDowngrades.kind,
      'The run would lower more levels than its guard allows',
      facts,
    );
  }
}

/**
 * Carries out what the slices of a review have deferred, unless they are too many.
 * @throws TooManyDowngrades
 */
export async function lowerPending(tx: Tx, run: Run, decidedAt: Date): Promise<void> {
  const review = await reviewOf(tx, run);
  const { body, scale, program, kind } = review.rules.everywhere;
  const [{ downgrades, released } = { downgrades: 0, released: false }] = await tx.query<{
    downgrades: number;
    released: boolean;
  }>(
    `SELECT (SELECT count(*) FROM tiering.pending_downgrade WHERE run_id = $1) AS downgrades,
       (SELECT downgrades_released_by IS NOT NULL FROM tiering.review WHERE run_id = $1) AS released`,
    [run.runId],
  );
  if (downgrades === 0) return;
  if (!released) await requireFewEnough(tx, { program, downgrades, body, lowest: scale[scale.length - 1] ?? '' });
  const { sql, params } = lowerPendingSql(
    { program, kind },
    { runId: run.runId, asOf: run.asOf, decidedAt, keptUntil: levelYearOf(body.review, run.asOf).until },
  );
  await withoutNestedLoops(tx, () => tx.query(sql, params));
  await tx.execute('DELETE FROM tiering.pending_downgrade WHERE run_id = $1', [run.runId]);
}

/** @throws TooManyDowngrades */
async function requireFewEnough(
  tx: Tx,
  of: {
    readonly program: string;
    readonly downgrades: number;
    readonly body: RuleSet['body'];
    readonly lowest: string;
  },
): Promise<void> {
  const { program, downgrades, body, lowest } = of;
  if (downgrades <= allowedDowngrades(body, 0)) return;
  const [{ held } = { held: 0 }] = await tx.query<{ held: number }>(
    'SELECT count(*) AS held FROM tiering.current_level WHERE program = $1 AND tier <> $2',
    [program, lowest],
  );
  const allowed = allowedDowngrades(body, held);
  if (downgrades > allowed) throw new TooManyDowngrades({ downgrades, held, allowed });
}

interface DecideAgain extends Omit<Reconsideration, 'reviewAsOf'> {
  readonly program?: string;
  readonly run: Pick<Run, 'runId' | 'asOf'>;
  readonly slice?: Pick<Slice, 'from' | 'to'>;
  readonly decidedAt: Date;
}

const EVERYBODY = { from: '00000000-0000-0000-0000-000000000000', to: 'ffffffff-ffff-ffff-ffff-ffffffffffff' };

/** Decides customers as the last review would have by the figures of now. Before the first review there is nothing to decide anew. */
export async function decideAgain(
  tx: Tx,
  { cause, customers, program = PROGRAM, slice = EVERYBODY, ...what }: DecideAgain,
): Promise<Counts> {
  const last = await lastReview(tx, program);
  if (!last) return {};
  const again = { reviewAsOf: last.asOf, customers, cause };
  return sumOverParts(last.rules, (part) =>
    reviewSlice(tx, { ...what, ...part, slice, isYearlyReview: last.isYearly, again }),
  );
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
