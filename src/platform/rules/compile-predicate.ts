import { aggregateOf, customerValueOf, type Facts } from './facts.js';
import { metricOf, type Label, type MetricCatalogue, type Unit } from './metric-catalogue.js';
import { isList } from './references.js';
import { renderLeft, unitOf } from './render-rule.js';
import type { Comparison, Condition, Expression, MetricReference, Operator, Scalar, Value } from './rule.js';

export interface Verdict {
  readonly holds: boolean;
  /** Every comparison of the condition, in reading order (those inside a `case` belong to a value and are not listed). */
  readonly trace: readonly TraceNode[];
}

/** Why a decision came out as it did. */
export interface TraceNode {
  /** JSON pointer into the condition. */
  readonly pointer: string;
  /** The left side in words. */
  readonly subject: Label;
  readonly unit: Unit;
  /** null when unknown; an exact average is shown rounded down. */
  readonly actual: Scalar | null;
  readonly op: Operator;
  readonly threshold: Scalar | readonly Scalar[] | null;
  readonly holds: boolean;
  /** false below an odd number of `not`: the condition wants this comparison to fail. */
  readonly wanted: boolean;
  /**
   * The least change of `actual` that makes the comparison come out as wanted (还差…): 0 when it does, null when the value is
   * unknown or is not compared as a number.
   */
  readonly gap: number | null;
}

export type Predicate = (facts: Facts, asOf: string) => Verdict;
export type Calculation = (facts: Facts, asOf: string) => number | null;

/** Explains one customer. Throws on a metric that the catalogue or the facts do not have: a missing column is not a "no". */
export function compilePredicate(condition: Condition, catalogue: MetricCatalogue): Predicate {
  const test = conditionOf(condition, catalogue, '', true);
  return (facts, asOf) => {
    const trace: TraceNode[] = [];
    return { holds: test(facts, asOf, trace), trace };
  };
}

export function compileExpression(expression: Expression, catalogue: MetricCatalogue): Calculation {
  if ('const' in expression) return () => expression.const;
  if ('add' in expression) {
    return fold(expression.add, catalogue, (values) => values.reduce((sum, each) => sum + each, 0));
  }
  if ('sub' in expression) return fold(expression.sub, catalogue, ([a = 0, b = 0]) => a - b);
  if ('mul' in expression) {
    const [operand, factor] = expression.mul;
    return fold([operand], catalogue, ([a = 0]) => a * factor + 0); // + 0: never minus zero
  }
  if ('divFloor' in expression) {
    const [operand, divisor] = expression.divFloor;
    return fold([operand], catalogue, ([a = 0]) => Math.floor(a / divisor));
  }
  if ('min' in expression) return pick(expression.min, catalogue, Math.min);
  if ('max' in expression) return pick(expression.max, catalogue, Math.max);
  if ('case' in expression) {
    const branches = expression.case.map(({ when, then }) => ({
      when: conditionOf(when, catalogue, '', true),
      then: compileExpression(then, catalogue),
    }));
    const otherwise = compileExpression(expression.else, catalogue);
    return (facts, asOf) => (branches.find(({ when }) => when(facts, asOf, []))?.then ?? otherwise)(facts, asOf);
  }
  const read = readerOf(expression, catalogue);
  return (facts, asOf) => {
    const value = read(facts, asOf);
    if (typeof value === 'number' || value === null) return value;
    throw new Error(`metric ${expression.metric} is not a number`);
  };
}

type Test = (facts: Facts, asOf: string, trace: TraceNode[]) => boolean;

function conditionOf(condition: Condition, catalogue: MetricCatalogue, pointer: string, wanted: boolean): Test {
  // Every branch is tested, even when the first has decided: an explanation shows all of them.
  if ('all' in condition) {
    const tests = condition.all.map((each, i) => conditionOf(each, catalogue, `${pointer}/all/${i}`, wanted));
    return (facts, asOf, trace) => tests.map((test) => test(facts, asOf, trace)).every(Boolean);
  }
  if ('any' in condition) {
    const tests = condition.any.map((each, i) => conditionOf(each, catalogue, `${pointer}/any/${i}`, wanted));
    return (facts, asOf, trace) => tests.map((test) => test(facts, asOf, trace)).some(Boolean);
  }
  if ('not' in condition) {
    const test = conditionOf(condition.not, catalogue, `${pointer}/not`, !wanted);
    return (facts, asOf, trace) => !test(facts, asOf, trace);
  }
  return comparisonOf(condition, catalogue, pointer, wanted);
}

function comparisonOf(comparison: Comparison, catalogue: MetricCatalogue, pointer: string, wanted: boolean): Test {
  const { op } = comparison;
  const subject = { en: renderLeft(comparison, catalogue, 'en'), zh: renderLeft(comparison, catalogue, 'zh') };
  const unit = unitOf('expr' in comparison ? comparison.expr : comparison, catalogue);
  const left = leftOf(comparison, catalogue);
  const right = rightOf(comparison.value, catalogue);
  return (facts, asOf, trace) => {
    const measured = left(facts, asOf);
    const threshold = right(facts, asOf);
    const holds = compare(measured, op, threshold);
    const gap = holds === wanted ? 0 : gapTo(measured, wanted ? op : opposite[op], threshold);
    const actual = measured === null ? null : isRatio(measured) ? Math.floor(measured.sum / measured.count) : measured;
    trace.push({ pointer, subject, unit, actual, op, threshold, holds, wanted, gap });
    return holds;
  };
}

/** An exact average, kept as its two whole numbers. */
interface Ratio {
  readonly sum: number;
  readonly count: number;
}

type Measured = Scalar | Ratio | null;

function isRatio(measured: Scalar | Ratio): measured is Ratio {
  return typeof measured === 'object';
}

function compare(left: Measured, op: Operator, right: Scalar | readonly Scalar[] | null): boolean {
  if (left === null || right === null) return false;
  if (isRatio(left)) return typeof right === 'number' && compare(left.sum, op, right * left.count);
  switch (op) {
    case '==':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
    case 'in':
      return Array.isArray(right) && right.includes(left);
  }
}

const opposite: Readonly<Record<Operator, Operator | 'not in'>> = {
  '==': '!=',
  '!=': '==',
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
  in: 'not in',
};

function gapTo(left: Measured, op: Operator | 'not in', right: Scalar | readonly Scalar[] | null): number | null {
  if (left === null || typeof right !== 'number') return null;
  const { sum, count } = isRatio(left) ? left : { sum: Number(left), count: 1 };
  const missing = right * count - sum;
  switch (op) {
    case '>=':
      return Math.ceil(missing / count);
    case '>':
      return Math.floor(missing / count) + 1;
    case '<=':
      return Math.ceil(-missing / count);
    case '<':
      return Math.floor(-missing / count) + 1;
    case '==':
      return Math.ceil(Math.abs(missing) / count);
    case '!=':
      return 1;
    case 'in':
    case 'not in':
      return null;
  }
}

type Reader<T> = (facts: Facts, asOf: string) => T;

function leftOf(comparison: Comparison, catalogue: MetricCatalogue): Reader<Measured> {
  if ('expr' in comparison) return compileExpression(comparison.expr, catalogue);
  return comparison.agg === 'avg' ? averageOf(comparison, catalogue) : readerOf(comparison, catalogue);
}

function averageOf(reference: MetricReference, catalogue: MetricCatalogue): Reader<Ratio | null> {
  const sumOf = aggregateOf(reference, 'sum', catalogue);
  const countOf = aggregateOf(reference, 'count', catalogue);
  return (facts, asOf) => {
    const [sum, count] = [sumOf(facts, asOf), countOf(facts, asOf)];
    return sum === null || count === null || count === 0 ? null : { sum, count };
  };
}

function rightOf(value: Value, catalogue: MetricCatalogue): Reader<Scalar | readonly Scalar[] | null> {
  if (typeof value !== 'object') return () => value;
  if (isList(value)) return () => value;
  return compileExpression(value, catalogue);
}

function readerOf(reference: MetricReference, catalogue: MetricCatalogue): Reader<Scalar | null> {
  if (metricOf(catalogue, reference).source === 'customer') return customerValueOf(reference, catalogue);
  const { agg, metric } = reference;
  switch (agg) {
    case 'avgFloor': {
      const average = averageOf(reference, catalogue);
      return (facts, asOf) => {
        const found = average(facts, asOf);
        return found && Math.floor(found.sum / found.count);
      };
    }
    case 'avg':
    case undefined:
      throw new Error(`metric ${metric}: ${agg ?? 'no aggregate'} is not a whole number`);
    default:
      return aggregateOf(reference, agg, catalogue);
  }
}

function fold(
  operands: readonly Expression[],
  catalogue: MetricCatalogue,
  of: (values: readonly number[]) => number,
): Calculation {
  const parts = operands.map((each) => compileExpression(each, catalogue));
  return (facts, asOf) => {
    const values = parts.map((part) => part(facts, asOf));
    return values.every((value) => value !== null) ? of(values) : null;
  };
}

function pick(
  operands: readonly Expression[],
  catalogue: MetricCatalogue,
  of: (...values: number[]) => number,
): Calculation {
  const parts = operands.map((each) => compileExpression(each, catalogue));
  return (facts, asOf) => {
    const known = parts.map((part) => part(facts, asOf)).filter((value) => value !== null);
    return known.length === 0 ? null : of(...known);
  };
}
