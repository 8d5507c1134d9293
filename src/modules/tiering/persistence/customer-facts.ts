import type { Database, Tx } from '../../../platform/database/index.js';
import { readFactsOfOne, type CustomerFacts } from '../../../platform/rules/index.js';
import { MONTH_FACT } from '../../usage/index.js';
import { tierMetrics } from '../domain/metrics.js';
import { rulesOf, type RuleSetBody } from '../domain/rule-set.js';
import { tenureMonthsSql } from '../domain/tenure.js';

/** Customers as the rules see them: the published profile with the tenure on the as-of day. */
export function profileSql(asOf: string): string {
  return `SELECT p.*, ${tenureMonthsSql('p.activated_on', asOf)} AS tenure_months FROM customers.profile p`;
}

/** The facts of one customer that the rule set reads; undefined for an unknown customer and one without a subscription. */
export function readFacts(
  reader: Pick<Database | Tx, 'query'>,
  { customerId, body, asOf }: { readonly customerId: string; readonly body: RuleSetBody; readonly asOf: string },
): Promise<CustomerFacts | undefined> {
  return readFactsOfOne(reader, {
    customerId,
    rules: rulesOf(body),
    catalogue: tierMetrics,
    asOf,
    customers: { sql: profileSql(asOf) },
    months: MONTH_FACT,
  });
}
