import { metricOf, type CustomerMetric, type MetricCatalogue } from './metric-catalogue.js';
import {
  aggregateKey,
  basicAggregatesOf,
  isList,
  referencesOf,
  windowOf,
  type BasicAggregate,
  type Rule,
} from './references.js';
import type { Comparison, Condition, Expression, MetricReference, Operator, Scalar, Value, Window } from './rule.js';
import { monthsOf, monthsOfAnybody, yearStarts, type MonthSpan } from './window-months.js';

/** The values of one statement; the same value of the same type is one parameter. */
export class SqlParameters {
  readonly values: unknown[];
  private readonly known = new Map<string, string>();

  /** @param values what the statement uses already: they stay $1, $2, … */
  constructor(values: readonly unknown[] = []) {
    this.values = [...values];
  }

  add(value: Scalar | readonly Scalar[], type: string): string {
    const key = `${type} ${JSON.stringify(value)}`;
    const placeholder = this.known.get(key) ?? `$${this.values.push(value)}::${type}`;
    this.known.set(key, placeholder);
    return placeholder;
  }
}

export interface SqlAliases {
  /** One row per customer with the columns of the customer metrics; may be a subselect. */
  readonly customer: string;
  /**
   * One row per customer and month, unique, with `month` (date, the first day) and the columns of the month metrics. When the plan
   * {@link AggregatePlan.readsAnniversary} also `anniversary_month` (int or null), which the caller joins from the customer.
   */
  readonly month: string;
  /** `plan.select` grouped per customer. An outer join is right: no months reads as sum and count 0, the rest unknown. */
  readonly facts: string;
}

/** Everything that a set of rules needs of the months, each aggregate once, so that a million customers are one grouped scan. */
export interface AggregatePlan {
  readonly columns: readonly AggregateColumn[];
  /** The values of the customer that the rules read, each once. */
  readonly customerMetrics: readonly CustomerMetric[];
  /** The columns as a select list; '' when the rules read no months. */
  readonly select: string;
  /** The months that are read. The columns rely on a scan that is bound by `month >= from AND month < to`. */
  readonly months: MonthSpan | undefined;
  /**
   * Whether a rule asks about an anniversary year. Then the month alias must offer `anniversary_month` (int): the month of the year, 1–12,
   * in which the customer was activated, null for one who never was. The caller joins it to the months:
   *
   *     FROM (SELECT m.*, date_part('month', p.activated_on)::int AS anniversary_month
   *             FROM usage.month_fact m JOIN customers.profile p USING (customer_id)) m
   */
  readonly readsAnniversary: boolean;
  readonly catalogue: MetricCatalogue;
  readonly asOf: string;
  readonly parameters: SqlParameters;
  readonly aliases: SqlAliases;
}

export interface AggregateColumn {
  readonly alias: string;
  readonly agg: BasicAggregate;
  readonly sql: string;
  /** What makes two aggregates the same one. */
  readonly key: string;
}

const usualAliases: SqlAliases = { customer: 'c', month: 'm', facts: 'f' };

export function collectAggregates(wanted: {
  readonly rules: readonly Rule[];
  readonly catalogue: MetricCatalogue;
  readonly asOf: string;
  readonly parameters: SqlParameters;
  readonly aliases?: SqlAliases;
}): AggregatePlan {
  const { rules, catalogue, asOf, parameters, aliases = usualAliases } = wanted;
  const columns = new Map<string, AggregateColumn>();
  const customerMetrics = new Set<CustomerMetric>();
  const references = rules.flatMap(referencesOf);
  const windows = references
    .filter((reference) => metricOf(catalogue, reference).source === 'month')
    .map((reference) => windowOf(reference));
  const months = hullOf(windows.map((window) => monthsOfAnybody(window, asOf)));
  for (const reference of references) {
    const metric = metricOf(catalogue, reference);
    if (metric.source === 'customer') {
      customerMetrics.add(metric);
      continue;
    }
    const { column } = metric;
    const window = windowOf(reference);
    for (const agg of basicAggregatesOf(reference)) {
      const key = aggregateKey({ column, agg, window, asOf });
      if (columns.has(key)) continue;
      const within = withinSql(window, asOf, { alias: aliases.month, parameters, months });
      const sql = aggregateSql({ agg, alias: aliases.month, column, within });
      columns.set(key, { alias: `a${columns.size + 1}`, agg, sql, key });
    }
  }
  return {
    columns: [...columns.values()],
    customerMetrics: [...customerMetrics],
    select: [...columns.values()].map(({ alias, sql }) => `${sql} AS ${alias}`).join(',\n'),
    months,
    readsAnniversary: windows.some(({ kind }) => kind === 'anniversary-year'),
    catalogue,
    asOf,
    parameters,
    aliases,
  };
}

/**
 * The rule over a row of the customer and of its aggregates: a boolean (never null) for a condition, a bigint for an
 * expression. Identifiers come from the catalogue, operators from this file, values are parameters.
 */
export function compileSql(rule: Rule, plan: AggregatePlan): string {
  return isCondition(rule) ? conditionSql(rule, plan) : expressionSql(rule, plan);
}

function conditionSql(condition: Condition, plan: AggregatePlan): string {
  if ('all' in condition) return `(${condition.all.map((each) => conditionSql(each, plan)).join(' AND ')})`;
  if ('any' in condition) return `(${condition.any.map((each) => conditionSql(each, plan)).join(' OR ')})`;
  if ('not' in condition) return `(NOT ${conditionSql(condition.not, plan)})`;
  const type = 'expr' in condition ? 'bigint' : typeOf(condition, plan);
  const { left, times } = leftSql(condition, plan);
  const right = valueSql(condition.value, type, plan) + times;
  // IS TRUE makes SQL's three values two: unknown does not satisfy a comparison.
  return `((${left} ${condition.op === 'in' ? `= ANY (${right})` : `${sqlOperators[condition.op]} ${right}`}) IS TRUE)`;
}

const sqlOperators: Readonly<Record<Exclude<Operator, 'in'>, string>> = {
  '==': '=',
  '!=': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
};

function leftSql(comparison: Comparison, plan: AggregatePlan): { left: string; times: string } {
  if ('expr' in comparison) return { left: expressionSql(comparison.expr, plan), times: '' };
  if (comparison.agg !== 'avg') return { left: referenceSql(comparison, plan), times: '' };
  // avg ≥ v as sum ≥ v × months; no months make both sides unknown.
  return { left: columnSql(comparison, 'sum', plan), times: ` * NULLIF(${columnSql(comparison, 'count', plan)}, 0)` };
}

function valueSql(value: Value, type: string, { parameters, ...plan }: AggregatePlan): string {
  if (typeof value !== 'object') return parameters.add(value, type);
  if (isList(value)) return parameters.add(value, `${type}[]`);
  return expressionSql(value, { parameters, ...plan });
}

function expressionSql(expression: Expression, plan: AggregatePlan): string {
  const sql = (each: Expression) => expressionSql(each, plan);
  if ('const' in expression) return plan.parameters.add(expression.const, 'bigint');
  if ('add' in expression) return `(${expression.add.map(sql).join(' + ')})`;
  if ('sub' in expression) return `(${expression.sub.map(sql).join(' - ')})`;
  if ('mul' in expression) return `(${sql(expression.mul[0])} * ${plan.parameters.add(expression.mul[1], 'bigint')})`;
  if ('divFloor' in expression) return floorQuotientSql(sql(expression.divFloor[0]), expression.divFloor[1], plan);
  if ('min' in expression) return `LEAST(${expression.min.map(sql).join(', ')})`;
  if ('max' in expression) return `GREATEST(${expression.max.map(sql).join(', ')})`;
  if ('case' in expression) {
    const branches = expression.case.map(({ when, then }) => `WHEN ${conditionSql(when, plan)} THEN ${sql(then)}`);
    return `(CASE ${branches.join(' ')} ELSE ${sql(expression.else)} END)`;
  }
  return referenceSql(expression, plan);
}

const beyondExact = 2n ** 53n;

/** SQL divides towards zero. Moved up by a multiple of the divisor the dividend is never negative, and towards zero is down. */
function floorQuotientSql(dividend: string, divisor: number, { parameters }: AggregatePlan): string {
  const shift = beyondExact / BigInt(divisor) + 1n;
  return `((${dividend} + ${shift * BigInt(divisor)}) / ${parameters.add(divisor, 'bigint')} - ${shift})`;
}

function referenceSql(reference: MetricReference, plan: AggregatePlan): string {
  const metric = metricOf(plan.catalogue, reference);
  if (metric.source === 'customer') return customerSql(metric, plan);
  if (reference.agg === 'avgFloor') {
    const count = columnSql(reference, 'count', plan);
    return `((${columnSql(reference, 'sum', plan)} + ${beyondExact} * ${count}) / NULLIF(${count}, 0) - ${beyondExact})`;
  }
  if (reference.agg === undefined || reference.agg === 'avg')
    throw new Error(`${reference.metric} is not a whole number`);
  return columnSql(reference, reference.agg, plan);
}

function customerSql({ column, type }: CustomerMetric, { aliases }: AggregatePlan): string {
  // An int4 column would overflow in int4 arithmetic.
  return `${aliases.customer}.${column}${type === 'integer' ? '::bigint' : ''}`;
}

function columnSql(reference: MetricReference, agg: BasicAggregate, plan: AggregatePlan): string {
  const { column } = metricOf(plan.catalogue, reference);
  const key = aggregateKey({ column, agg, window: windowOf(reference), asOf: plan.asOf });
  const found = plan.columns.find((each) => each.key === key);
  if (found === undefined) throw new Error(`the plan was not made for this rule: ${key}`);
  return columnValueSql(found, plan);
}

function columnValueSql({ alias, agg }: AggregateColumn, { aliases }: AggregatePlan): string {
  const name = `${aliases.facts}.${alias}`;
  return agg === 'sum' || agg === 'count' ? `COALESCE(${name}, 0)` : name;
}

/**
 * The measured facts of a row of the customer and of its aggregates, as json: what the rules of the plan read, under the names
 * that {@link MeasuredFacts} has. Text that is cast: about 1 µs a row, 2 to jsonb.
 */
export function factsSql(plan: AggregatePlan): string {
  const customer = plan.customerMetrics.map((metric): [string, string] => {
    const value = customerSql(metric, plan);
    return [metric.name, metric.type === 'text' ? `to_json(${value})` : value];
  });
  const aggregates = plan.columns.map((column): [string, string] => [column.key, columnValueSql(column, plan)]);
  return `('{"customer":{' || ${jsonMembersSql(customer)} || '},"aggregates":{' || ${jsonMembersSql(aggregates)} || '}}')::json`;
}

function jsonMembersSql(members: readonly (readonly [name: string, value: string])[]): string {
  if (members.length === 0) return `''`;
  return members
    .map(([name, value], i) => {
      const key = `${i === 0 ? '' : ','}${JSON.stringify(name)}:`.replaceAll("'", "''");
      return `'${key}' || COALESCE((${value})::text, 'null')`;
    })
    .join(' || ');
}

function aggregateSql(of: { agg: BasicAggregate; alias: string; column: string; within: readonly string[] }): string {
  const { agg, alias, within } = of;
  const column = `${alias}.${of.column}`;
  const filter = (conditions: readonly string[]): string =>
    conditions.length === 0 ? '' : ` FILTER (WHERE ${conditions.join(' AND ')})`;
  if (agg === 'last') {
    // The largest [day, value] pair has the newest day: linear, where array_agg(… ORDER BY …) sorts every customer.
    return `((max(ARRAY[${alias}.month - DATE '1970-01-01', ${column}])${filter([...within, `${column} IS NOT NULL`])})[2])::bigint`;
  }
  return `(${agg}(${column})${filter(within)})::bigint`;
}

interface Scan {
  readonly alias: string;
  readonly parameters: SqlParameters;
  readonly months: MonthSpan | undefined;
}

/** What the bounds of the scan do not say already: comparing is most of what the aggregates of a million cost. */
function withinSql(window: Window, asOf: string, { alias, parameters, months }: Scan): readonly string[] {
  if (window.kind !== 'anniversary-year') {
    const { from, to } = monthsOf(window, asOf);
    return [
      ...(from === months?.from ? [] : [`${alias}.month >= ${parameters.add(from, 'date')}`]),
      ...(to === months?.to ? [] : [`${alias}.month < ${parameters.add(to, 'date')}`]),
    ];
  }
  const between = (from: string, to: string): readonly string[] => [
    `${alias}.month >= ${from}`,
    `${alias}.month < ${to}`,
  ];
  // Element null of an array is null, and so nobody's month is within the year of a customer who was never activated.
  const start = (offset: 0 | -1): string =>
    `(${parameters.add(yearStarts(asOf, offset), 'date[]')})[${alias}.anniversary_month]`;
  return window.offset === -1
    ? between(start(-1), start(0))
    : between(start(0), parameters.add(monthsOfAnybody(window, asOf).to, 'date'));
}

/** The smallest span that holds them all; empty spans do not widen it. */
function hullOf(spans: readonly MonthSpan[]): MonthSpan | undefined {
  const filled = spans.filter(({ from, to }) => from < to);
  return (filled.length > 0 ? filled : spans.slice(0, 1)).reduce<MonthSpan | undefined>(
    (hull, { from, to }) => ({
      from: hull === undefined || from < hull.from ? from : hull.from,
      to: hull === undefined || to > hull.to ? to : hull.to,
    }),
    undefined,
  );
}

function typeOf(reference: MetricReference, plan: AggregatePlan): string {
  const { type } = metricOf(plan.catalogue, reference);
  return type === 'integer' ? 'bigint' : type;
}

function isCondition(rule: Rule): rule is Condition {
  return 'all' in rule || 'any' in rule || 'not' in rule || 'op' in rule;
}
