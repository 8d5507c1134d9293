import { metricOf, type MetricCatalogue } from './metric-catalogue.js';
import type { Aggregate, Comparison, Condition, Expression, MetricReference, Value, Window } from './rule.js';
import { monthsOf } from './window-months.js';

export type Rule = Condition | Expression;

/** Whether the rule is made of money: whoever sees its value learns what the customer spends. */
export const readsMoney = (rule: Rule, catalogue: MetricCatalogue): boolean =>
  referencesOf(rule).some((reference) => metricOf(catalogue, reference).unit === 'fen');

/** Every comparison of a condition, in the order in which an explanation tells them. */
export function comparisonsOf(condition: Condition): readonly Comparison[] {
  if ('all' in condition) return condition.all.flatMap(comparisonsOf);
  if ('any' in condition) return condition.any.flatMap(comparisonsOf);
  return 'not' in condition ? comparisonsOf(condition.not) : [condition];
}

/** Every metric that the rule reads, wherever it stands. */
export function referencesOf(rule: Rule): readonly MetricReference[] {
  if ('all' in rule) return rule.all.flatMap(referencesOf);
  if ('any' in rule) return rule.any.flatMap(referencesOf);
  if ('not' in rule) return referencesOf(rule.not);
  if ('op' in rule) {
    const right = typeof rule.value === 'object' && !isList(rule.value) ? referencesOf(rule.value) : [];
    return [...('expr' in rule ? referencesOf(rule.expr) : [rule]), ...right];
  }
  if ('const' in rule) return [];
  if ('add' in rule) return rule.add.flatMap(referencesOf);
  if ('sub' in rule) return rule.sub.flatMap(referencesOf);
  if ('mul' in rule) return referencesOf(rule.mul[0]);
  if ('divFloor' in rule) return referencesOf(rule.divFloor[0]);
  if ('min' in rule) return rule.min.flatMap(referencesOf);
  if ('max' in rule) return rule.max.flatMap(referencesOf);
  if ('case' in rule) {
    return [...rule.case.flatMap(({ when, then }) => [when, then].flatMap(referencesOf)), ...referencesOf(rule.else)];
  }
  return [rule];
}

/** What is computed of the months; an average is its sum and its count. */
export type BasicAggregate = Exclude<Aggregate, 'avg' | 'avgFloor'>;

export function basicAggregatesOf({ metric, agg }: MetricReference): readonly BasicAggregate[] {
  if (agg === undefined) throw new Error(`metric ${metric} needs an aggregate`);
  return agg === 'avg' || agg === 'avgFloor' ? ['sum', 'count'] : [agg];
}

/**
 * What makes two aggregates the same one on a day: `sum(net_spend_fen) 2025-01-01 2026-01-01`, or `… anniversary -1` where each
 * customer has months of its own.
 */
export function aggregateKey(wanted: {
  readonly column: string;
  readonly agg: BasicAggregate;
  readonly window: Window;
  readonly asOf: string;
}): string {
  const { column, agg, window, asOf } = wanted;
  if (window.kind === 'anniversary-year') return `${agg}(${column}) anniversary ${window.offset ?? 0}`;
  const { from, to } = monthsOf(window, asOf);
  return `${agg}(${column}) ${from} ${to}`;
}

export function windowOf({ metric, window }: MetricReference): Window {
  if (window === undefined) throw new Error(`metric ${metric} needs a window`);
  return window;
}

export function isList(value: Value): value is readonly number[] | readonly string[] {
  return Array.isArray(value);
}
