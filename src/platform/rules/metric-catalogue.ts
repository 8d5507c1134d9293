import { limits, type MetricReference } from './rule.js';

export interface Label {
  readonly en: string;
  readonly zh: string;
}

export type Unit = 'fen' | 'points' | 'months' | 'days' | 'seconds' | 'KB' | 'times' | 'none';

interface MetricDeclaration {
  readonly name: string;
  /** The column that holds it; identifiers reach SQL from here only, never from a rule. */
  readonly column: string;
  readonly nullable: boolean;
  readonly label: Label;
  readonly description: string;
  readonly unit: Unit;
  /** The largest absolute value; arithmetic that could leave the exact integers is refused by it. Default 10^12. */
  readonly largest?: number;
  /** The smallest value. Default −`largest`. What a comparison says beyond the range of its metrics is refused: declare what is certain. */
  readonly smallest?: number;
}

/** One value per customer. */
export interface CustomerMetric extends MetricDeclaration {
  readonly source: 'customer';
  readonly type: 'integer' | 'text' | 'boolean';
}

/** One value per customer and month. */
export interface MonthMetric extends MetricDeclaration {
  readonly source: 'month';
  readonly type: 'integer';
}

export type Metric = CustomerMetric | MonthMetric;
export type MetricCatalogue = ReadonlyMap<string, Metric>;

/** Throws on a name used twice and on a column that is not a plain identifier: mistakes of a programmer, found at start. */
export function defineMetrics(metrics: readonly Metric[]): MetricCatalogue {
  const catalogue = new Map<string, Metric>();
  for (const metric of metrics) {
    if (catalogue.has(metric.name)) throw new Error(`metric ${metric.name} is declared twice`);
    if (!/^[a-z_][a-z0-9_]*$/.test(metric.column))
      throw new Error(`metric ${metric.name}: bad column ${metric.column}`);
    const { smallest, largest } = rangeOf(metric);
    if (smallest > largest || smallest < -largest) throw new Error(`metric ${metric.name}: bad smallest ${smallest}`);
    catalogue.set(metric.name, metric);
  }
  return catalogue;
}

export function rangeOf({ largest = limits.number, smallest = -largest }: Metric): {
  readonly smallest: number;
  readonly largest: number;
} {
  return { smallest, largest };
}

/** A stored rule outlives the code: a metric that is gone must stop the run, not decide silently. */
export function metricOf(catalogue: MetricCatalogue, reference: MetricReference): Metric {
  const metric = catalogue.get(reference.metric);
  if (metric === undefined) throw new Error(`metric ${reference.metric} is not in the catalogue`);
  return metric;
}
