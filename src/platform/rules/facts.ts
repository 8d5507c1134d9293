import { metricOf, type MetricCatalogue } from './metric-catalogue.js';
import {
  aggregateKey,
  basicAggregatesOf,
  referencesOf,
  windowOf,
  type BasicAggregate,
  type Rule,
} from './references.js';
import type { MetricReference, Scalar } from './rule.js';
import { monthsOf } from './window-months.js';

/** What is known about one customer: a value per customer metric, and one row per month (any order, each month once). */
export interface CustomerFacts {
  readonly customer: Readonly<Record<string, Scalar | null>>;
  /** The month of the year (1–12) in which the customer was activated, null for one who never was; only anniversary years need it. */
  readonly anniversaryMonth?: number | null;
  readonly months: readonly MonthFacts[];
}

export interface MonthFacts {
  /** First day of the month, 'YYYY-MM-01'. */
  readonly month: string;
  readonly values: Readonly<Record<string, number | null>>;
}

/**
 * What one customer was decided from on a day: no more than the rules read, and enough to decide the same again when the months
 * have changed. Made by {@link measure} and by `factsSql`; as JSON it is what a decision keeps.
 */
export interface MeasuredFacts {
  /** By the name of the metric. */
  readonly customer: Readonly<Record<string, Scalar | null>>;
  /** By the key that the plan gives an aggregate: `sum(net_spend_fen) 2025-01-01 2026-01-01`. */
  readonly aggregates: Readonly<Record<string, number | null>>;
}

export type Facts = CustomerFacts | MeasuredFacts;

/** Throws where the facts lack what the rules read. */
export function measure(
  rules: readonly Rule[],
  facts: CustomerFacts,
  catalogue: MetricCatalogue,
  asOf: string,
): MeasuredFacts {
  const customer: Record<string, Scalar | null> = {};
  const aggregates: Record<string, number | null> = {};
  for (const reference of rules.flatMap(referencesOf)) {
    const { name, source, column } = metricOf(catalogue, reference);
    if (source === 'customer') {
      customer[name] = customerValueOf(reference, catalogue)(facts);
      continue;
    }
    for (const agg of basicAggregatesOf(reference)) {
      const key = aggregateKey({ column, agg, window: windowOf(reference), asOf });
      if (!(key in aggregates)) aggregates[key] = aggregateOf(reference, agg, catalogue)(facts, asOf);
    }
  }
  return { customer, aggregates };
}

export function customerValueOf(
  reference: MetricReference,
  catalogue: MetricCatalogue,
): (facts: Facts) => Scalar | null {
  const { name, nullable } = metricOf(catalogue, reference);
  return ({ customer }) => {
    const value = customer[name];
    if (value === undefined || (value === null && !nullable)) throw new Error(`the facts lack customer metric ${name}`);
    return value;
  };
}

/** `sum` and `count` are never null. */
export function aggregateOf(
  reference: MetricReference,
  agg: BasicAggregate,
  catalogue: MetricCatalogue,
): (facts: Facts, asOf: string) => number | null {
  const { column } = metricOf(catalogue, reference);
  const window = windowOf(reference);
  const values = valuesOfMonths(reference, catalogue);
  return (facts, asOf) => {
    if (!('aggregates' in facts)) return aggregated(agg, values(facts, asOf));
    const key = aggregateKey({ column, agg, window, asOf });
    const value = facts.aggregates[key];
    if (value === undefined || (value === null && (agg === 'sum' || agg === 'count')))
      throw new Error(`the facts lack ${key}`);
    return value;
  };
}

/** The values of the window, newest first. */
function valuesOfMonths(
  reference: MetricReference,
  catalogue: MetricCatalogue,
): (facts: CustomerFacts, asOf: string) => readonly number[] {
  const { name, nullable } = metricOf(catalogue, reference);
  const window = windowOf(reference);
  return ({ months, anniversaryMonth }, asOf) => {
    const { from, to } = monthsOf(window, asOf, anniversaryMonth);
    return months
      .filter(({ month }) => month >= from && month < to)
      .sort((a, b) => (a.month < b.month ? 1 : -1))
      .flatMap(({ month, values }) => {
        const value = values[name];
        if (value === undefined || (value === null && !nullable))
          throw new Error(`month ${month} lacks metric ${name}`);
        return value === null ? [] : [value];
      });
  };
}

function aggregated(agg: BasicAggregate, newestFirst: readonly number[]): number | null {
  switch (agg) {
    case 'sum':
      return newestFirst.reduce((sum, each) => sum + each, 0);
    case 'count':
      return newestFirst.length;
    case 'min':
      return newestFirst.length === 0 ? null : Math.min(...newestFirst);
    case 'max':
      return newestFirst.length === 0 ? null : Math.max(...newestFirst);
    case 'last':
      return newestFirst[0] ?? null;
  }
}
