import { metricOf, rangeOf, type MetricCatalogue } from './metric-catalogue.js';
import { windowOf } from './references.js';
import type { Expression, MetricReference, Window } from './rule.js';

/** The values that an expression can have, both ends included. */
export interface Bounds {
  readonly min: number;
  readonly max: number;
  /** Whether it can also be unknown. */
  readonly nullable: boolean;
}

/**
 * The interval that holds every value of the expression, as far as its metrics keep to the ranges that they declare. It may be wider
 * than the values are: parts are taken for independent of each other.
 */
export function boundsOf(expression: Expression, catalogue: MetricCatalogue): Bounds {
  const of = (each: Expression): Bounds => boundsOf(each, catalogue);
  if ('const' in expression) return { min: expression.const, max: expression.const, nullable: false };
  if ('add' in expression) {
    return expression.add.map(of).reduce((sum, each) => ({
      min: sum.min + each.min,
      max: sum.max + each.max,
      nullable: sum.nullable || each.nullable,
    }));
  }
  if ('sub' in expression) {
    const [from, less] = [of(expression.sub[0]), of(expression.sub[1])];
    return { min: from.min - less.max, max: from.max - less.min, nullable: from.nullable || less.nullable };
  }
  if ('mul' in expression) {
    const [operand, factor] = expression.mul;
    const { min, max, nullable } = of(operand);
    const [low = 0, high = 0] = [min * factor + 0, max * factor + 0].sort((a, b) => a - b); // + 0: never minus zero
    return { min: low, max: high, nullable };
  }
  if ('divFloor' in expression) {
    const [operand, divisor] = expression.divFloor;
    const { min, max, nullable } = of(operand);
    return { min: Math.floor(min / divisor), max: Math.floor(max / divisor), nullable };
  }
  if ('min' in expression) return lowest(expression.min.map(of));
  if ('max' in expression) return mirrored(lowest(expression.max.map(of).map(mirrored)));
  if ('case' in expression) {
    const values = [...expression.case.map(({ then }) => then), expression.else].map(of);
    return {
      min: Math.min(...values.map(({ min }) => min)),
      max: Math.max(...values.map(({ max }) => max)),
      nullable: values.some(({ nullable }) => nullable),
    };
  }
  return boundsOfReference(expression, catalogue);
}

/** How many months a window has at most: a year under way has not had its last. */
export function mostMonthsOf(window: Window): number {
  if (window.kind === 'rolling-months') return window.months;
  return window.offset === -1 ? 12 : 11;
}

function boundsOfReference(reference: MetricReference, catalogue: MetricCatalogue): Bounds {
  const metric = metricOf(catalogue, reference);
  if (metric.type !== 'integer') throw new Error(`metric ${metric.name} is not a number`);
  const { smallest, largest } = rangeOf(metric);
  if (metric.source === 'customer') return { min: smallest, max: largest, nullable: metric.nullable };
  const months = mostMonthsOf(windowOf(reference));
  switch (reference.agg) {
    case 'count':
      return { min: 0, max: months, nullable: false };
    case 'sum': // of no months: 0
      return { min: Math.min(0, smallest * months), max: Math.max(0, largest * months), nullable: false };
    default:
      return { min: smallest, max: largest, nullable: true };
  }
}

/** Those that are unknown are passed over, so that only the others can be relied on to be low. */
function lowest(operands: readonly Bounds[]): Bounds {
  const known = operands.filter(({ nullable }) => !nullable);
  const highs = (known.length > 0 ? known : operands).map(({ max }) => max);
  return {
    min: Math.min(...operands.map(({ min }) => min)),
    max: known.length > 0 ? Math.min(...highs) : Math.max(...highs),
    nullable: known.length === 0,
  };
}

const mirrored = ({ min, max, nullable }: Bounds): Bounds => ({ min: 0 - max, max: 0 - min, nullable });
