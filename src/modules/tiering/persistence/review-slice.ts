import type { Tx } from '../../../platform/database/index.js';
import { isInSlice, type Counts, type Run, type Slice } from '../../../platform/queues/index.js';
import { collectAggregates, SqlParameters } from '../../../platform/rules/index.js';
import { decisionSql, rankOfTierSql, tierSql } from '../domain/decide-sql.js';
import { TierChanged } from '../domain/events.js';
import { tierMetrics } from '../domain/metrics.js';
import { rulesOf, type RuleSet } from '../domain/rule-set.js';
import { levelYearOf } from '../domain/standing.js';
import { profileSql } from './customer-facts.js';

interface Review {
  readonly run: Pick<Run, 'runId' | 'asOf'>;
  readonly slice: Pick<Slice, 'from' | 'to'>;
  readonly ruleSet: RuleSet;
  readonly decidedAt: Date;
  /** Decides some customers anew as the review of an earlier day would have. */
  readonly again?: Reconsideration;
}

/** Why customers are decided anew between reviews, and whose lower outcome counts. */
export interface Reconsideration {
  /** The day of the review that is decided anew. */
  readonly reviewAsOf: string;
  readonly cause:
    { readonly intakeId: string } | { readonly fraudCase: string; readonly customerIds: readonly string[] };
}

/**
 * Decides every customer of a slice and writes only what changes: the level, its decision and the event. A customer whose
 * level stays costs one comparison. Decision ids follow from run and customer: the same decision can be stored once.
 *
 * What late figures alone would take away is kept until the year's review (DOMAIN §4.3.8): the reconsideration writes such a decision,
 * and reviews within the year respect it.
 */
export async function reviewSlice(tx: Tx, review: Review): Promise<Counts> {
  const { sql, params } = reviewSql(review);
  const rows = await tx.query<{ outcome: string; customers: number }>(sql, params);
  return Object.fromEntries(rows.map(({ outcome, customers }) => [outcome, customers]));
}

export function reviewSql({ run, slice, ruleSet, decidedAt, again }: Review): {
  sql: string;
  params: readonly unknown[];
} {
  const asOf = again?.reviewAsOf ?? run.asOf;
  const parameters = new SqlParameters([
    slice.from,
    slice.to,
    run.runId,
    ruleSet.version,
    asOf,
    decidedAt,
    `${run.asOf}T00:00:00+08:00`,
    TierChanged.name,
    run.asOf,
  ]);
  const { body } = ruleSet;
  const plan = collectAggregates({ rules: rulesOf(body), catalogue: tierMetrics, asOf, parameters });
  const decision = decisionSql(body, plan);
  const year = levelYearOf(body.review, asOf);
  const whose = again ? populationOf(again, year.until, parameters) : undefined;
  const isMeant = (alias: string): string => [isInSlice(alias), ...(whose ? [whose.isMeant(alias)] : [])].join(' AND ');
  const monthsRead = plan.months && [
    `m.month >= ${parameters.add(plan.months.from, 'date')}`,
    `m.month < ${parameters.add(plan.months.to, 'date')}`,
  ];
  const facts = monthsRead && {
    cte: `facts AS (
      SELECT m.customer_id, ${plan.select}
      FROM usage.month_fact m WHERE ${isMeant('m')} AND ${monthsRead.join(' AND ')}
      GROUP BY m.customer_id
    ), `,
    join: 'LEFT JOIN facts f ON f.customer_id = c.customer_id',
  };
  const keepsLevel = whose?.keepsLevel ?? isSheltered(parameters.add(year.from, 'date'));
  // OFFSET 0 keeps each level of the query whole, so that tenure and measures are computed once and not wherever
  // they are named (one range of customers took about a quarter less time).
  const sql = `
    WITH ${facts?.cte ?? ''}measured AS (
      SELECT c.customer_id, c.archive, c.closed_on, t.tier AS held, t.decision_id AS held_by, t.valid_from AS held_from,
        ${decision.measured}
      FROM (${profileSql(asOf)} WHERE ${isMeant('p')} OFFSET 0) c
      ${facts?.join ?? ''}
      LEFT JOIN tiering.current_tier t ON t.customer_id = c.customer_id AND ${isInSlice('t')}
      OFFSET 0
    ), rated AS (
      SELECT *, ${decision.rank} AS rank, COALESCE(${rankOfTierSql('held')}, 0) AS held_rank FROM measured OFFSET 0
    ), moved AS (
      SELECT *, CASE WHEN archive <> 'in-network' THEN 'departed' WHEN held IS NULL THEN 'entered'
          WHEN rank > held_rank THEN 'upgraded' WHEN rank = held_rank THEN 'restored' WHEN ${keepsLevel} THEN 'kept' ELSE 'downgraded' END AS outcome
      FROM rated
      WHERE ${whose ? `archive = 'in-network' AND (rank <> held_rank OR ${isKept('rated')})` : `CASE archive WHEN 'in-network' THEN rank <> held_rank ELSE held IS NOT NULL END`}
    ), changed AS MATERIALIZED (
      SELECT customer_id, md5($3::text || customer_id::text)::uuid AS decision_id, outcome, held_by, closed_on,
        COALESCE(held, 'ORDINARY') AS from_tier, ${tierSql('rank')} AS given_tier,
        -- A level that began after the day of a review ends, at the earliest, on the day it began.
        GREATEST($9::date, held_from) AS effective_on,
        ${decision.inputs} AS inputs,
        ${decision.reasons} AS reasons
      FROM moved
    ), ended AS (
      UPDATE tiering.tier_assignment a SET
        valid_until = CASE outcome WHEN 'departed' THEN GREATEST(a.valid_from, LEAST(c.closed_on, $5::date)) ELSE effective_on END,
        end_reason = CASE outcome WHEN 'departed' THEN 'departed' ELSE 'changed' END
      FROM changed c
      WHERE a.customer_id = c.customer_id AND a.decision_id = c.held_by AND a.valid_until = '9999-12-31'
        AND outcome IN ('upgraded', 'downgraded', 'departed')
      RETURNING 1
    ), assigned AS (
      -- Reading \`ended\` first: a customer has one open level at a time, also within a statement.
      INSERT INTO tiering.tier_assignment (customer_id, decision_id, tier, valid_from)
      SELECT customer_id, decision_id, given_tier, effective_on FROM changed
      WHERE ${IS_MOVE} AND (SELECT count(*) FROM ended) >= 0
    ), decided AS (
      INSERT INTO tiering.tier_decision (customer_id, decision_id, run_id, rule_set_version, as_of, from_tier, to_tier, outcome,
        inputs, reasons, decided_at${whose ? ', cause, refers_to, would_be, kept_until' : ''})
      SELECT customer_id, decision_id, $3::uuid, $4, $5::date, from_tier, ${TO_TIER}, outcome, inputs, reasons,
        $6::timestamptz${whose ? `, ${whose.cause}, held_by, ${ofKept('given_tier')}, ${ofKept(whose.keptUntil)}` : ''}
      FROM changed c WHERE ${IS_MOVE} ${whose ? `OR outcome = 'restored' OR (outcome = 'kept' AND NOT ${isSaid(whose.cause)})` : ''}
    ), announced AS (
      INSERT INTO platform.outbox (name, customer_id, payload, occurred_at, recorded_at)
      SELECT $8, customer_id, jsonb_build_object('customerId', customer_id, 'from', from_tier, 'to', given_tier,
        'decisionId', decision_id, 'effectiveOn', effective_on), $7::timestamptz, $6::timestamptz
      FROM changed WHERE ${IS_MOVE}
    )
    SELECT outcome, count(*) AS customers FROM changed GROUP BY outcome`;
  return { sql, params: parameters.values };
}

const IS_MOVE = `outcome IN ('entered', 'upgraded', 'downgraded')`;
const TO_TIER = `CASE outcome WHEN 'kept' THEN from_tier ELSE given_tier END`;
const ofKept = (value: string): string => `CASE outcome WHEN 'kept' THEN ${value} END`;

/** Whether late figures would lower the level that is held, by the last that was said of it. */
const isKept = (alias: string, what = 'true'): string => `COALESCE((
    SELECT k.outcome = 'kept' AND ${what} FROM tiering.tier_decision k
    WHERE k.customer_id = ${alias}.customer_id AND k.refers_to = ${alias}.held_by AND k.outcome IN ('kept', 'restored')
    ORDER BY k.decided_at DESC LIMIT 1), false)`;

/** Whether that was said because of the same, and that the same would be given. */
const isSaid = (cause: string): string => isKept('c', `k.would_be = c.given_tier AND k.cause = ${cause}`);

/**
 * Whether a level is safe from this review: late figures have lowered it and were answered so, or have come and are not answered yet.
 * The first review of a level year (定级年度) spares nobody.
 */
const isSheltered = (yearFrom: string): string => `(
  EXISTS (SELECT FROM tiering.review y WHERE y.as_of >= ${yearFrom} AND y.run_id <> $3)
  AND (${isKept('rated', 'k.kept_until > $5::date')}
    OR EXISTS (SELECT FROM usage.late_change l WHERE l.customer_id = rated.customer_id
      AND NOT EXISTS (SELECT FROM tiering.reconsidered_intake i WHERE i.intake_id = l.intake_id))))`;

interface Whose {
  /** Condition on `customer_id` of an alias. */
  readonly isMeant: (alias: string) => string;
  /** Whether a lower outcome leaves the level as it is. */
  readonly keepsLevel: string;
  /** date */
  readonly keptUntil: string;
  /** jsonb */
  readonly cause: string;
}

function populationOf({ cause }: Reconsideration, yearUntil: string, parameters: SqlParameters): Whose {
  const keptUntil = parameters.add(yearUntil, 'date');
  if ('intakeId' in cause) {
    const intake = parameters.add(cause.intakeId, 'uuid');
    return {
      isMeant: (alias) =>
        `${alias}.customer_id IN (SELECT customer_id FROM usage.late_change WHERE intake_id = ${intake})`,
      keepsLevel: 'true',
      keptUntil,
      cause: `jsonb_build_object('intakeId', ${intake})`,
    };
  }
  const customers = parameters.add(cause.customerIds, 'uuid[]');
  const fraudCase = parameters.add(cause.fraudCase, 'text');
  return {
    isMeant: (alias) => `${alias}.customer_id = ANY(${customers})`,
    keepsLevel: 'false',
    keptUntil,
    cause: `jsonb_build_object('fraudCase', ${fraudCase})`,
  };
}
