import type { Database, Tx } from '../../../platform/database/index.js';
import {
  collectAggregates,
  SqlParameters,
  type CustomerFacts,
  type Metric,
  type MonthFacts,
  type Scalar,
} from '../../../platform/rules/index.js';
import { tierMetrics } from '../domain/metrics.js';
import { rulesOf, type RuleSetBody } from '../domain/rule-set.js';
import { tenureMonthsSql } from '../domain/tenure.js';

/** Customers as the rules see them: the published profile with the tenure on the as-of day. */
export function profileSql(asOf: string): string {
  return `SELECT p.*, ${tenureMonthsSql('p.activated_on', asOf)} AS tenure_months FROM customers.profile p`;
}

/** The facts of one customer that the rule set reads; undefined for an unknown customer and one without a subscription. */
export async function readFacts(
  reader: Pick<Database | Tx, 'query'>,
  wanted: { readonly customerId: string; readonly body: RuleSetBody; readonly asOf: string },
): Promise<CustomerFacts | undefined> {
  const { customerId, body, asOf } = wanted;
  const metrics = [...tierMetrics.values()];
  const [customer] = await reader.query<Record<string, Scalar | null>>(
    `SELECT ${columnsOf(metrics, 'customer')} FROM (${profileSql(asOf)}) c WHERE customer_id = $1`,
    [customerId],
  );
  if (!customer) return undefined;
  const { months } = collectAggregates({
    rules: rulesOf(body),
    catalogue: tierMetrics,
    asOf,
    parameters: new SqlParameters(),
  });
  if (months === undefined) return { customer, months: [] };
  const rows = await reader.query<Record<string, number | null> & { month: string }>(
    `SELECT month, ${columnsOf(metrics, 'month')} FROM usage.month_fact
     WHERE customer_id = $1 AND month >= $2 AND month < $3`,
    [customerId, months.from, months.to],
  );
  return { customer, months: rows.map(({ month, ...values }): MonthFacts => ({ month, values })) };
}

function columnsOf(metrics: readonly Metric[], source: Metric['source']): string {
  return metrics
    .filter((metric) => metric.source === source)
    .map(({ name, column }) => `${column} AS "${name}"`)
    .join(', ');
}
