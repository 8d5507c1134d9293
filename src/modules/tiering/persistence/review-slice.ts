import { withoutNestedLoops, type Tx } from '../../../platform/database/index.js';
import { isInSlice, type Counts, type Run, type Slice } from '../../../platform/queues/index.js';
import type { SqlParameters } from '../../../platform/rules/index.js';
import { lowersOn, tierSql } from '../domain/decide-sql.js';
import { levelYearOf } from '../domain/standing.js';
import type { RuleSet } from '../domain/rule-set.js';
import { decidedRows, type Region } from './decided-rows.js';
import { takenBecauseOf, takenBy } from './incremental-runs.js';
import { isKept, writesOfDecisions } from './write-decisions.js';

interface Review {
  readonly run: Pick<Run, 'runId' | 'asOf'>;
  readonly slice: Pick<Slice, 'from' | 'to'>;
  readonly ruleSet: RuleSet;
  readonly region?: Region | undefined;
  readonly isYearlyReview: boolean;
  readonly decidedAt: Date;
  /** Whether downgrades wait until it is known how many they are. */
  readonly defersDowngrades?: boolean;
  /** Decides some customers anew as the review of an earlier day would have. */
  readonly again?: Reconsideration;
}

/** Why customers are decided anew between reviews, and whose lower outcome counts. */
export interface Reconsideration {
  /** The day of the review that is decided anew. */
  readonly reviewAsOf: string;
  /** `taken`: whom the run between reviews has taken of the slice. */
  readonly customers: readonly string[] | { readonly ofIntakes: readonly string[] } | 'taken';
  readonly cause: Cause;
}

export type Cause =
  | { readonly intakeId: string }
  | { readonly fraudCase: string }
  | { readonly overrideId: string }
  /** Or the intake because of which the run has taken the customer. */
  | { readonly changed: 'facts' };

/**
 * Decides every customer of a slice and writes only what changes: the level, its decision and the event. A customer whose
 * level stays costs one comparison. Decision ids follow from run and customer: the same decision can be stored once.
 *
 * What late figures alone would take away is kept until the year's review (DOMAIN §4.3.8): the reconsideration writes such a decision,
 * and reviews within the year respect it.
 */
export async function reviewSlice(tx: Tx, review: Review): Promise<Counts> {
  const { sql, params } = reviewSql(review);
  const rows = await withoutNestedLoops(tx, () => tx.query<{ outcome: string; customers: number }>(sql, params));
  return Object.fromEntries(rows.map(({ outcome, customers }) => [outcome, customers]));
}

export function reviewSql({
  run,
  slice,
  ruleSet,
  region,
  isYearlyReview,
  decidedAt,
  defersDowngrades,
  again,
}: Review): {
  sql: string;
  params: readonly unknown[];
} {
  const asOf = again?.reviewAsOf ?? run.asOf;
  const { body, scale } = ruleSet;
  const { ctes, parameters, facts, standing } = decidedRows({
    slice,
    ruleSet,
    region,
    asOf,
    on: run.asOf,
    isYearlyReview,
    isFraud: again !== undefined && 'fraudCase' in again.cause,
    values: [run.runId, decidedAt, run.asOf],
    ...(again && { meant: (values) => decidedAgain(again, values) }),
  });
  const day = parameters.add(asOf, 'date');
  const year = levelYearOf(body.review, asOf);
  const keepsLevel = again
    ? String('intakeId' in again.cause || 'changed' in again.cause)
    : isSheltered(parameters.add(year.from, 'date'), { day, program: parameters.add(ruleSet.program, 'text') });
  const isNews = `outcome NOT IN ('same', 'held')`;
  const isTold = isYearlyReview && body.movement?.announceRetained ? `(${isNews} OR held_rank > 0)` : isNews;
  const isDue = again
    ? `archive = 'in-network' AND (${isNews} OR (outcome = 'same' AND ${isKept('d')}))`
    : `CASE archive WHEN 'in-network' THEN ${isTold} ELSE held IS NOT NULL END`;
  const writes = writesOfDecisions(ruleSet, {
    parameters,
    runId: '$3::uuid',
    decidedAt: '$4::timestamptz',
    occurredAt: `${parameters.add(`${run.asOf}T00:00:00+08:00`, 'text')}::timestamptz`,
    asOf: day,
    lowersOn: parameters.add(lowersOn(body, run.asOf), 'date'),
    keptUntil: parameters.add(year.until, 'date'),
    isAgain: again !== undefined,
    defersDowngrades: defersDowngrades ?? false,
  });
  const version = parameters.add(ruleSet.version, 'text');
  const cause = again ? causeSql('x', again.cause, parameters) : 'NULL::jsonb';
  const sql = `
    WITH ${ctes}, due AS (
      SELECT *, CASE WHEN archive <> 'in-network' THEN 'departed'
          WHEN outcome IN ('downgraded', 'warned') AND ${keepsLevel} THEN 'kept'
          WHEN outcome IN ('same', 'held') THEN '${again ? 'restored' : 'retained'}' ELSE outcome END AS result
      FROM decided d WHERE ${isDue}
    ), changing AS (
      SELECT customer_id, md5($3::text || customer_id::text)::uuid AS decision_id, ${version} AS version, result AS outcome, held_by, closed_on,
        COALESCE(held, ${tierSql(scale, '0')}) AS from_tier, ${tierSql(scale, 'given')} AS given_tier,
        -- A level that began after the day of a review ends, at the earliest, on the day it began.
        GREATEST($5::date, held_from) AS effective_on,
        ${cause} AS cause, ${facts('x')} AS facts, ${standing} AS standing
      FROM due x
    ), changed AS MATERIALIZED (
      SELECT * FROM changing d ${again ? `WHERE outcome <> 'kept' OR NOT ${isKept('d', 'k.would_be = d.given_tier AND k.cause = d.cause')}` : ''}
    ), ${writes}
    SELECT outcome, count(*) AS customers FROM changed GROUP BY outcome`;
  return { sql, params: parameters.values };
}

function causeSql(alias: string, cause: Cause, parameters: SqlParameters): string {
  const common = `${parameters.add(JSON.stringify(cause), 'text')}::jsonb`;
  if (!('changed' in cause)) return common;
  const intake = takenBecauseOf('$3::uuid', `${alias}.customer_id`);
  return `COALESCE((SELECT jsonb_build_object('intakeId', id) FROM (${intake}) late (id) WHERE id IS NOT NULL), ${common})`;
}

function decidedAgain({ customers }: Reconsideration, parameters: SqlParameters): string {
  if (customers === 'taken') return takenBy('$3::uuid', isInSlice);
  if (!('ofIntakes' in customers)) return `SELECT unnest(${parameters.add(customers, 'uuid[]')}) AS customer_id`;
  const intakes = parameters.add(customers.ofIntakes, 'uuid[]');
  return `SELECT l.customer_id FROM usage.late_change l WHERE l.intake_id = ANY(${intakes}) AND ${isInSlice('l')}`;
}

/**
 * Whether a level (row `d` of `decided`) is safe from this review ($3): late figures have lowered it and were answered so, or have come and are not answered yet.
 * The first review of a level year (定级年度) spares nobody.
 */
export const isSheltered = (
  yearFrom: string,
  { day, program }: { readonly day: string; readonly program: string },
): string => `(
  EXISTS (SELECT FROM tiering.review y WHERE y.program = ${program} AND y.as_of >= ${yearFrom} AND y.run_id <> $3)
  AND (${isKept('d', `k.kept_until > ${day}`)}
    OR EXISTS (SELECT FROM usage.late_change l WHERE l.customer_id = d.customer_id
      AND NOT EXISTS (SELECT FROM tiering.reconsidered_intake i WHERE i.intake_id = l.intake_id))))`;
