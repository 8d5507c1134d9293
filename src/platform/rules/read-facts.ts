import { collectAggregates, SqlParameters } from './compile-sql.js';
import type { CustomerFacts, MonthFacts } from './facts.js';
import type { Metric, MetricCatalogue } from './metric-catalogue.js';
import type { Rule } from './references.js';
import type { Scalar } from './rule.js';

interface Wanted {
  readonly customerId: string;
  /** Which months are read follows from the rules. */
  readonly rules: readonly Rule[];
  readonly catalogue: MetricCatalogue;
  readonly asOf: string;
  /** Yields `customer_id` and the columns of the customer metrics, as the run over everybody reads them. */
  readonly customers: { readonly sql: string; readonly params?: readonly unknown[] };
  /** Relation with `customer_id`, `month` and the columns of the month metrics. */
  readonly months: string;
}
interface Reader {
  query<R extends object>(sql: string, params?: readonly unknown[]): Promise<R[]>;
}

/** The facts of one customer that the rules read, for `compilePredicate` and `compileExpression`; undefined for an unknown customer. */
export async function readFactsOfOne(reader: Reader, wanted: Wanted): Promise<CustomerFacts | undefined> {
  const { customerId, rules, catalogue, asOf, customers, months: relation } = wanted;
  const params = customers.params ?? [];
  const [customer] = await reader.query<Record<string, Scalar | null>>(
    `SELECT ${columnsOf(catalogue, 'customer')} FROM (${customers.sql}) c WHERE c.customer_id = $${params.length + 1}`,
    [...params, customerId],
  );
  if (!customer) return undefined;
  const { months } = collectAggregates({ rules, catalogue, asOf, parameters: new SqlParameters() });
  if (months === undefined) return { customer, months: [] };
  const rows = await reader.query<Record<string, number | null> & { month: string }>(
    `SELECT month, ${columnsOf(catalogue, 'month')} FROM ${relation} WHERE customer_id = $1 AND month >= $2 AND month < $3`,
    [customerId, months.from, months.to],
  );
  return { customer, months: rows.map(({ month, ...values }): MonthFacts => ({ month, values })) };
}

const columnsOf = (catalogue: MetricCatalogue, source: Metric['source']): string =>
  [...catalogue.values()]
    .filter((metric) => metric.source === source)
    .map(({ name, column }) => `${column} AS "${name}"`)
    .join(', ');
