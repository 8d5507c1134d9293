import { collectAggregates, SqlParameters } from './compile-sql.js';
import type { CustomerFacts, MonthFacts } from './facts.js';
import { metricOf, type Metric, type MetricCatalogue } from './metric-catalogue.js';
import { referencesOf, type Rule } from './references.js';
import type { Scalar } from './rule.js';

interface Wanted {
  readonly customerId: string;
  /** Which months are read follows from the rules. */
  readonly rules: readonly Rule[];
  readonly catalogue: MetricCatalogue;
  readonly asOf: string;
  /**
   * Yields `customer_id` and the columns of the customer metrics that the rules read, as the run over everybody reads them; when
   * they ask about an anniversary year also `anniversary_month`.
   */
  readonly customers: { readonly sql: string; readonly params?: readonly unknown[] };
  /** Relation with `customer_id`, `month` and the columns of the month metrics. */
  readonly months: string;
}
type Row = Record<string, Scalar | null>;
interface Reader {
  query<R extends object>(sql: string, params?: readonly unknown[]): Promise<R[]>;
}

/** The facts of one customer that the rules read, for `compilePredicate` and `compileExpression`; undefined for an unknown customer. */
export async function readFactsOfOne(reader: Reader, wanted: Wanted): Promise<CustomerFacts | undefined> {
  const { customerId, rules, catalogue, asOf, customers, months: relation } = wanted;
  const { months, readsAnniversary } = collectAggregates({ rules, catalogue, asOf, parameters: new SqlParameters() });
  const metrics = new Set(rules.flatMap(referencesOf).map((reference) => metricOf(catalogue, reference)));
  const columnsOf = (source: Metric['source']): string[] =>
    [...metrics].filter((metric) => metric.source === source).map(({ name, column }) => `${column} AS "${name}"`);

  const params = customers.params ?? [];
  const [row] = await reader.query<Row & { anniversary_month?: number | null }>(
    `SELECT ${[...columnsOf('customer'), ...(readsAnniversary ? ['anniversary_month'] : [])].join(', ')}
     FROM (${customers.sql}) c WHERE c.customer_id = $${params.length + 1}`,
    [...params, customerId],
  );
  if (!row) return undefined;
  const { anniversary_month: anniversaryMonth, ...customer } = row;
  const known = readsAnniversary ? { customer, anniversaryMonth } : { customer };
  if (months === undefined) return { ...known, months: [] };
  const rows = await reader.query<Record<string, number | null> & { month: string }>(
    `SELECT ${['month', ...columnsOf('month')].join(', ')}
     FROM ${relation} WHERE customer_id = $1 AND month >= $2 AND month < $3`,
    [customerId, months.from, months.to],
  );
  return { ...known, months: rows.map(({ month, ...values }): MonthFacts => ({ month, values })) };
}
