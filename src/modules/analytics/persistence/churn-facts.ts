import type { Database, Tx } from '../../../platform/database/index.js';
import { readFactsOfOne, type CustomerFacts } from '../../../platform/rules/index.js';
import { BILL, MONTH_FACT, OPEN_BILL } from '../../usage/index.js';
import { churnMetrics } from '../domain/churn-metrics.js';
import { rulesOf, type ChurnRuleSetBody } from '../domain/churn-rule-set.js';

interface Assessed {
  /** SQL of the as-of day. */
  readonly asOf: string;
  /** A condition on `customer_id` of the given alias. */
  readonly within: (alias: string) => string;
}

/** Customers in the network as the churn rules see them: what is left of the contract, and how long bills are overdue. */
export function assessedCustomersSql({ asOf, within }: Assessed): string {
  return `
    SELECT p.customer_id, p.archive, p.contract_ends_on - ${asOf} AS contract_days_left,
      NULLIF(GREATEST(0, ${asOf} - CASE WHEN b.customer_id IS NOT NULL THEN
        (SELECT min(due_on) FROM ${OPEN_BILL} o WHERE o.customer_id = p.customer_id) END), 0) AS overdue_days
    FROM customers.profile p
    LEFT JOIN (
      -- Who pays in advance owes nothing: what payments left is asked of the others only.
      SELECT DISTINCT customer_id FROM ${BILL} b WHERE is_current AND arrears_fen > 0 AND due_on < ${asOf} AND ${within('b')}
    ) b ON b.customer_id = p.customer_id
    WHERE ${within('p')}`;
}

/** The facts of one customer that the rule set reads; undefined for an unknown customer. */
export function readChurnFacts(
  reader: Pick<Database | Tx, 'query'>,
  { customerId, body, asOf }: { readonly customerId: string; readonly body: ChurnRuleSetBody; readonly asOf: string },
): Promise<CustomerFacts | undefined> {
  return readFactsOfOne(reader, {
    customerId,
    rules: rulesOf(body),
    catalogue: churnMetrics,
    asOf,
    customers: {
      sql: assessedCustomersSql({ asOf: '$2::date', within: (alias) => `${alias}.customer_id = $1::uuid` }),
      params: [customerId, asOf],
    },
    months: MONTH_FACT,
  });
}
