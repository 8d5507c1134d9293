import type { Tx } from '../../../../platform/database/index.js';
import { collectAggregates, compileSql, type Condition, SqlParameters } from '../../../../platform/rules/index.js';
import { campaignMetrics } from '../../domain/campaigns/campaign-metrics.js';

/** Customers as the conditions of campaigns see them on a day. `areMeant` is a condition on `customer_id` of an alias. */
export const customersOn = (day: string, areMeant: (alias: string) => string): string => `
  SELECT p.customer_id, p.kind, p.brand, p.region, p.tariff_code, p.archive, p.real_name, COALESCE(t.tier, 'ORDINARY') AS tier,
    CASE WHEN p.activated_on IS NOT NULL THEN GREATEST(0, EXTRACT(year FROM age(${day}, p.activated_on))::int * 12
      + EXTRACT(month FROM age(${day}, p.activated_on))::int) END AS tenure_months
  FROM customers.profile p
  LEFT JOIN tiering.current_tier t ON t.customer_id = p.customer_id AND ${areMeant('t')}
  WHERE ${areMeant('p')}`;

/** A boolean over a row `c` of {@link customersOn}. */
export function conditionSql(condition: Condition | undefined, asOf: string, parameters: SqlParameters): string {
  if (condition === undefined) return 'true';
  return compileSql(condition, collectAggregates({ rules: [condition], catalogue: campaignMetrics, asOf, parameters }));
}

export async function isFor(
  reader: Pick<Tx, 'query'>,
  condition: Condition,
  { customerId, day }: { readonly customerId: string; readonly day: string },
): Promise<boolean> {
  const parameters = new SqlParameters([customerId, day]);
  const holds = conditionSql(condition, day, parameters);
  const found = await reader.query(
    `SELECT FROM (${customersOn('$2::date', (alias) => `${alias}.customer_id = $1`)}) c WHERE ${holds}`,
    parameters.values,
  );
  return found.length > 0;
}
