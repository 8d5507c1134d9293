import type { Tx } from '../../../platform/database/index.js';
import { isInSlice, type Counts, type Run, type Slice } from '../../../platform/queues/index.js';
import { collectAggregates, SqlParameters } from '../../../platform/rules/index.js';
import { decisionSql, rankOfTierSql, tierSql } from '../domain/decide-sql.js';
import { TierChanged } from '../domain/events.js';
import { tierMetrics } from '../domain/metrics.js';
import { rulesOf, type RuleSet } from '../domain/rule-set.js';
import { profileSql } from './customer-facts.js';

interface Review {
  readonly run: Pick<Run, 'runId' | 'asOf'>;
  readonly slice: Pick<Slice, 'from' | 'to'>;
  readonly ruleSet: RuleSet;
  readonly decidedAt: Date;
}

/**
 * Decides every customer of a slice and writes only what changes: the level, its decision and the event. A customer whose
 * level stays costs one comparison. Decision ids follow from run and customer: the same decision can be stored once.
 */
export async function reviewSlice(tx: Tx, review: Review): Promise<Counts> {
  const { sql, params } = reviewSql(review);
  const rows = await tx.query<{ outcome: string; customers: number }>(sql, params);
  return Object.fromEntries(rows.map(({ outcome, customers }) => [outcome, customers]));
}

export function reviewSql({ run, slice, ruleSet, decidedAt }: Review): { sql: string; params: readonly unknown[] } {
  const parameters = new SqlParameters([
    slice.from,
    slice.to,
    run.runId,
    ruleSet.version,
    run.asOf,
    decidedAt,
    `${run.asOf}T00:00:00+08:00`,
    TierChanged.name,
  ]);
  const { body } = ruleSet;
  const plan = collectAggregates({ rules: rulesOf(body), catalogue: tierMetrics, asOf: run.asOf, parameters });
  const decision = decisionSql(body, plan);
  const monthsRead = plan.months && [
    `m.month >= ${parameters.add(plan.months.from, 'date')}`,
    `m.month < ${parameters.add(plan.months.to, 'date')}`,
  ];
  const facts = monthsRead && {
    cte: `facts AS (
      SELECT m.customer_id, ${plan.select}
      FROM usage.month_fact m WHERE ${isInSlice('m')} AND ${monthsRead.join(' AND ')}
      GROUP BY m.customer_id
    ), `,
    join: 'LEFT JOIN facts f ON f.customer_id = c.customer_id',
  };
  // OFFSET 0 keeps each level of the query whole, so that tenure and measures are computed once and not wherever
  // they are named (one range of customers took about a quarter less time).
  const sql = `
    WITH ${facts?.cte ?? ''}measured AS (
      SELECT c.customer_id, c.archive, c.closed_on, t.tier AS held, t.decision_id AS held_by, ${decision.measured}
      FROM (${profileSql(run.asOf)} WHERE ${isInSlice('p')} OFFSET 0) c
      ${facts?.join ?? ''}
      LEFT JOIN tiering.current_tier t ON t.customer_id = c.customer_id AND ${isInSlice('t')}
      OFFSET 0
    ), rated AS (
      SELECT *, ${decision.rank} AS rank, COALESCE(${rankOfTierSql('held')}, 0) AS held_rank FROM measured OFFSET 0
    ), changed AS MATERIALIZED (
      SELECT customer_id, md5($3::text || customer_id::text)::uuid AS decision_id,
        COALESCE(held, 'ORDINARY') AS from_tier, ${tierSql('rank')} AS to_tier, held_by, closed_on,
        CASE WHEN archive <> 'in-network' THEN 'departed' WHEN held IS NULL THEN 'entered'
          WHEN rank > held_rank THEN 'upgraded' ELSE 'downgraded' END AS outcome,
        ${decision.inputs} AS inputs,
        ${decision.reasons} AS reasons
      FROM rated
      WHERE CASE WHEN archive = 'in-network' THEN rank <> held_rank ELSE held IS NOT NULL END
    ), ended AS (
      UPDATE tiering.tier_assignment a SET
        valid_until = CASE outcome WHEN 'departed' THEN GREATEST(a.valid_from, LEAST(c.closed_on, $5::date)) ELSE $5::date END,
        end_reason = CASE outcome WHEN 'departed' THEN 'departed' ELSE 'changed' END
      FROM changed c
      WHERE a.customer_id = c.customer_id AND a.decision_id = c.held_by AND a.valid_until = '9999-12-31'
      RETURNING 1
    ), assigned AS (
      -- Reading \`ended\` first: a customer has one open level at a time, also within a statement.
      INSERT INTO tiering.tier_assignment (customer_id, decision_id, tier, valid_from)
      SELECT customer_id, decision_id, to_tier, $5::date FROM changed
      WHERE outcome <> 'departed' AND (SELECT count(*) FROM ended) >= 0
    ), decided AS (
      INSERT INTO tiering.tier_decision
        (customer_id, decision_id, run_id, rule_set_version, as_of, from_tier, to_tier, outcome, inputs, reasons, decided_at)
      SELECT customer_id, decision_id, $3::uuid, $4, $5::date, from_tier, to_tier, outcome, inputs, reasons, $6::timestamptz
      FROM changed WHERE outcome <> 'departed'
    ), announced AS (
      INSERT INTO platform.outbox (name, customer_id, payload, occurred_at, recorded_at)
      SELECT $8, customer_id, jsonb_build_object('customerId', customer_id, 'from', from_tier, 'to', to_tier,
        'decisionId', decision_id, 'effectiveOn', $5::date), $7::timestamptz, $6::timestamptz
      FROM changed WHERE outcome <> 'departed'
    )
    SELECT outcome, count(*) AS customers FROM changed GROUP BY outcome`;
  return { sql, params: parameters.values };
}
