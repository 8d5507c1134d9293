/**
 * A rule as data: the typed condition and expression trees that authors write, approve and version.
 *
 * Two-valued logic: a comparison with a missing value (null) is false, whatever its operator, and its `not` is true.
 * Whole numbers only (fen, points, KB, seconds); there is no rounding but the one named `Floor`.
 */
export type Condition =
  { readonly all: readonly Condition[] } | { readonly any: readonly Condition[] } | Negation | Comparison;

export interface Negation {
  readonly not: Condition;
}

export type Comparison = MetricComparison | ExpressionComparison;

export interface MetricComparison extends MetricReference {
  readonly op: Operator;
  readonly value: Value;
}

export interface ExpressionComparison {
  readonly expr: Expression;
  readonly op: Operator;
  readonly value: Value;
}

export const operators = ['==', '!=', '<', '<=', '>', '>=', 'in'] as const;
export type Operator = (typeof operators)[number];

export type Scalar = number | string | boolean;
export type Value = Scalar | readonly number[] | readonly string[] | Expression;

/** A value of the customer (`metric` alone), or of the customer's months (`metric`, `agg` and `window`). */
export interface MetricReference {
  readonly metric: string;
  readonly agg?: Aggregate;
  readonly window?: Window;
}

/**
 * How the months of a window become one number; months without a value do not take part.
 * `sum` and `count` of nothing are 0, the others null. `avg` is compared exactly (sum against value × months) and so stands
 * only at the left of a comparison; inside arithmetic say `avgFloor`.
 */
export const aggregates = ['sum', 'avg', 'avgFloor', 'min', 'max', 'last', 'count'] as const;
export type Aggregate = (typeof aggregates)[number];

/**
 * Whole months, none later than the last full month before the as-of date. `skip` leaves out that many of the newest.
 * A points year runs from 1 December to 30 November, an anniversary year (入网周年) from the month of the year in which the customer
 * was activated; of a customer who never was it is empty. Offset 0 is the year under way (empty in its first month).
 */
export type Window =
  | { readonly kind: 'rolling-months'; readonly months: number; readonly skip?: number }
  | { readonly kind: 'calendar-year'; readonly offset?: 0 | -1 }
  | { readonly kind: 'points-year'; readonly offset?: 0 | -1 }
  | { readonly kind: 'anniversary-year'; readonly offset?: 0 | -1 };

/**
 * Whole-number arithmetic. A missing operand makes `add`, `sub`, `mul` and `divFloor` missing; `min` and `max` pass over it,
 * so that `{max: [x, {const: 0}]}` also reads "x, or 0 when unknown".
 */
export type Expression =
  | MetricReference
  | { readonly const: number }
  | { readonly add: readonly Expression[] }
  | { readonly sub: readonly [Expression, Expression] }
  | { readonly mul: readonly [Expression, number] }
  | { readonly divFloor: readonly [Expression, number] }
  | { readonly min: readonly Expression[] }
  | { readonly max: readonly Expression[] }
  | { readonly case: readonly Branch[]; readonly else: Expression };

export interface Branch {
  readonly when: Condition;
  readonly then: Expression;
}

export const limits = {
  depth: 20,
  nodes: 500,
  /** Of one rule, as many errors as are told. */
  errors: 100,
  listLength: 500,
  textLength: 200,
  windowMonths: 120,
  /** The largest constant, and the largest value that a metric is taken to have unless it declares its own. */
  number: 1_000_000_000_000,
} as const;
