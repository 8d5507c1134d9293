import type { Tx } from '../../../platform/database/index.js';
import { isInSlice, type Counts, type Run, type Slice } from '../../../platform/queues/index.js';
import { collectAggregates, SqlParameters } from '../../../platform/rules/index.js';
import { churnMetrics } from '../domain/churn-metrics.js';
import { rulesOf } from '../domain/churn-rule-set.js';
import { ChurnRiskRaised } from '../domain/events.js';
import { bandSql, scoreSql } from '../domain/score-churn-sql.js';
import { assessedCustomersSql } from './churn-facts.js';
import type { ChurnRuleSet } from './churn-rule-sets.js';

interface Assessment {
  readonly run: Pick<Run, 'runId' | 'asOf'>;
  readonly slice: Pick<Slice, 'from' | 'to'>;
  readonly ruleSet: ChurnRuleSet;
  readonly assessedAt: Date;
  /** Only those whose closed months this intake has changed; what their scores were is kept. */
  readonly becauseOf?: string;
}

/**
 * Scores every customer of a slice and writes only scores that are not as they were. Whoever shows no sign has no row;
 * whoever has left has none any more.
 */
export async function assessSlice(tx: Tx, assessment: Assessment): Promise<Counts> {
  const { run, slice, ruleSet, assessedAt, becauseOf } = assessment;
  const parameters = new SqlParameters([
    slice.from,
    slice.to,
    run.runId,
    run.asOf,
    assessedAt,
    `${run.asOf}T00:00:00+08:00`,
    ChurnRiskRaised.name,
  ]);
  const { body } = ruleSet;
  const plan = collectAggregates({ rules: rulesOf(body), catalogue: churnMetrics, asOf: run.asOf, parameters });
  const score = scoreSql(body, plan);
  const intake = becauseOf === undefined ? undefined : parameters.add(becauseOf, 'uuid');
  const isMeant = (alias: string): string =>
    intake === undefined
      ? isInSlice(alias)
      : `${isInSlice(alias)} AND ${alias}.customer_id IN (SELECT customer_id FROM usage.late_change WHERE intake_id = ${intake})`;
  if (plan.months === undefined) throw new Error('churn rules read the months');
  const [from, to] = [parameters.add(plan.months.from, 'date'), parameters.add(plan.months.to, 'date')];
  // OFFSET 0 keeps each level of the query whole, so that a measure is computed once and not wherever it is named.
  const rows = await tx.query<{ change: string; customers: number }>(
    `WITH facts AS (
      SELECT m.customer_id, ${plan.select}
      FROM usage.month_fact m WHERE ${isMeant('m')} AND m.month >= ${from} AND m.month < ${to}
      GROUP BY m.customer_id
    ), measured AS (
      SELECT c.customer_id, c.archive, s.risk AS risk_before, s.band AS band_before, s.reasons AS reasons_before,
        s.revenue_at_risk_fen AS revenue_before, ${score.measured}
      FROM (${assessedCustomersSql({ asOf: '$4::date', within: isMeant })}) c
      LEFT JOIN facts f ON f.customer_id = c.customer_id
      LEFT JOIN analytics.churn_score s ON s.customer_id = c.customer_id AND ${isInSlice('s')}
      OFFSET 0
    ), scored AS (
      SELECT *, CASE WHEN archive = 'in-network' THEN ${score.risk} ELSE 0 END AS risk FROM measured OFFSET 0
    ), explained AS (
      SELECT customer_id, risk, ${bandSql(body, 'risk')} AS band, ${score.reasons} AS reasons, yearly_revenue_fen,
        risk_before, band_before, reasons_before, revenue_before
      FROM scored WHERE risk > 0 OR risk_before IS NOT NULL
      OFFSET 0
    ), changed AS MATERIALIZED (
      SELECT *, CASE WHEN risk = 0 THEN 'cleared' WHEN band = 'high' AND band_before IS DISTINCT FROM 'high' THEN 'raised'
        ELSE 'rescored' END AS change
      FROM explained
      WHERE risk = 0 OR (risk, reasons, yearly_revenue_fen) IS DISTINCT FROM (risk_before, reasons_before, revenue_before)
    )${intake === undefined ? '' : replacedSql(intake)}, cleared AS (
      DELETE FROM analytics.churn_score s USING changed c WHERE s.customer_id = c.customer_id AND c.change = 'cleared'
    ), kept AS (
      INSERT INTO analytics.churn_score
        (customer_id, as_of, run_id, risk, band, reasons, revenue_at_risk_fen, assessed_at)
      SELECT customer_id, $4::date, $3::uuid, risk, band, reasons, yearly_revenue_fen, $5::timestamptz
      FROM changed WHERE change <> 'cleared'
      ON CONFLICT (customer_id) DO UPDATE SET as_of = excluded.as_of, run_id = excluded.run_id, risk = excluded.risk,
        band = excluded.band, reasons = excluded.reasons, revenue_at_risk_fen = excluded.revenue_at_risk_fen,
        assessed_at = excluded.assessed_at
    ), announced AS (
      INSERT INTO platform.outbox (name, customer_id, payload, occurred_at, recorded_at)
      SELECT $7, customer_id, jsonb_build_object('customerId', customer_id, 'risk', risk), $6::timestamptz, $5::timestamptz
      FROM changed WHERE change = 'raised'
    )
    SELECT change, count(*) AS customers FROM changed GROUP BY change`,
    parameters.values,
  );
  return Object.fromEntries(rows.map(({ change, customers }) => [change, customers]));
}

/** All parts read the scores as they were when the statement began, so that what is kept is what the others take away. */
const replacedSql = (intake: string): string => `, replaced AS (
      INSERT INTO analytics.replaced_score (customer_id, replaced_by, intake_id, replaced_at, as_of, run_id, risk, band, reasons,
        revenue_at_risk_fen, assessed_at)
      SELECT customer_id, $3::uuid, ${intake}, $5::timestamptz, s.as_of, s.run_id, s.risk, s.band, s.reasons, s.revenue_at_risk_fen,
        s.assessed_at
      FROM analytics.churn_score s JOIN changed USING (customer_id)
    )`;
