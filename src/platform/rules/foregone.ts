import { boundsOf, type Bounds } from './bounds.js';
import { metricOf, type MetricCatalogue } from './metric-catalogue.js';
import { isList } from './references.js';
import type { Comparison, Condition, Expression, MetricReference, Operator, Scalar } from './rule.js';

/** A comparison that is wanted to hold, or not to. */
export interface Leaf {
  readonly comparison: Comparison;
  readonly pointer: string;
  readonly wanted: boolean;
}

/** Comparisons that must all come out as wanted for the condition to come out so; those of which one is enough are left out. */
export function leavesOf(condition: Condition, pointer: string, wanted: boolean): readonly Leaf[] {
  if ('not' in condition) return leavesOf(condition.not, `${pointer}/not`, !wanted);
  if (!('all' in condition) && !('any' in condition)) return [{ comparison: condition, pointer, wanted }];
  const [key, parts] = 'all' in condition ? (['all', condition.all] as const) : (['any', condition.any] as const);
  const isEveryNeeded = parts.length === 1 || (key === 'all') === wanted;
  return isEveryNeeded ? parts.flatMap((each, i) => leavesOf(each, `${pointer}/${key}/${i}`, wanted)) : [];
}

export interface Contradiction {
  readonly leaf: Leaf;
  /** Those before it on the same value with which it cannot be; none when it cannot be by itself. */
  readonly others: readonly Leaf[];
}

/**
 * What no customer can fulfil at once, by the constants of the comparisons and the ranges of the metrics; undefined when nothing is
 * found, which does not mean that somebody can.
 */
export function contradictionIn(leaves: readonly Leaf[], catalogue: MetricCatalogue): Contradiction | undefined {
  for (const group of bySubject(leaves)) {
    if (isPossible(group, catalogue)) continue;
    const many = group.findIndex((_, i) => !isPossible(group.slice(0, i + 1), catalogue));
    const leaf = group[many];
    if (leaf !== undefined) return { leaf, others: group.slice(0, many) };
  }
  return undefined;
}

/** The bounds of the left side; undefined when it is not a number. */
export function boundsOfLeft(comparison: Comparison, catalogue: MetricCatalogue): Bounds | undefined {
  if ('expr' in comparison) return boundsOf(comparison.expr, catalogue);
  return metricOf(catalogue, comparison).type === 'integer' ? boundsOf(comparison, catalogue) : undefined;
}

function boundsOfRight({ value }: Comparison, catalogue: MetricCatalogue): Bounds | undefined {
  if (typeof value === 'number') return { min: value, max: value, nullable: false };
  return typeof value === 'object' && !isList(value) ? boundsOf(value, catalogue) : undefined;
}

function bySubject(leaves: readonly Leaf[]): Iterable<readonly Leaf[]> {
  const groups = new Map<string, Leaf[]>();
  for (const leaf of leaves) {
    const { comparison } = leaf;
    const subject = subjectKey('expr' in comparison ? comparison.expr : referenceIn(comparison));
    groups.set(subject, [...(groups.get(subject) ?? []), leaf]);
  }
  return groups.values();
}

const referenceIn = ({ metric, agg, window }: MetricReference): MetricReference => ({ metric, agg, window });

/** The same for every way of writing the same value: order of keys, defaults left out. */
function subjectKey(expression: Expression): string {
  return JSON.stringify(expression, (key, value: unknown) => {
    if ((key === 'offset' || key === 'skip') && value === 0) return undefined;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
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

/** Whether one value of the left side, which all the leaves share, can make them all come out as wanted. */
function isPossible(group: readonly Leaf[], catalogue: MetricCatalogue): boolean {
  const [first] = group;
  if (first === undefined) return true;
  // What is unknown satisfies whatever is wanted not to hold.
  if (isNullable(first.comparison, catalogue) && group.every(({ wanted }) => !wanted)) return true;
  const left = boundsOfLeft(first.comparison, catalogue);
  const values = left === undefined ? textsOf(first.comparison, catalogue) : new Values(left, stepOf(first.comparison));
  for (const { comparison, wanted } of group) {
    const op = wanted ? comparison.op : opposite[comparison.op];
    const { value } = comparison;
    if (isList(value)) values.keepListed(value, op === 'in');
    else if (typeof value !== 'object' && (op === '==' || op === '!=')) values.keepListed([value], op === '==');
    else {
      const right = boundsOfRight(comparison, catalogue);
      if (right !== undefined && (wanted || !right.nullable)) values.keepOrdered(op, right);
    }
  }
  return !values.isEmpty();
}

function isNullable(comparison: Comparison, catalogue: MetricCatalogue): boolean {
  return (
    boundsOfLeft(comparison, catalogue)?.nullable ??
    ('metric' in comparison && metricOf(catalogue, comparison).nullable)
  );
}

/** Between two neighbouring whole numbers there is a mean. */
const stepOf = (comparison: Comparison): number => ('agg' in comparison && comparison.agg === 'avg' ? 0.5 : 1);

function textsOf(comparison: Comparison, catalogue: MetricCatalogue): Values {
  const values = new Values({ min: -Infinity, max: Infinity }, 1);
  if ('metric' in comparison && metricOf(catalogue, comparison).type === 'boolean')
    values.keepListed([true, false], true);
  return values;
}

/** The values that are still possible: an interval, less some, or only some. */
class Values {
  private min: number;
  private max: number;
  private readonly excluded = new Set<Scalar>();
  private listed: ReadonlySet<Scalar> | undefined;

  constructor(
    { min, max }: Pick<Bounds, 'min' | 'max'>,
    private readonly step: number,
  ) {
    this.min = min;
    this.max = max;
  }

  keepListed(values: readonly Scalar[], isKept: boolean): void {
    if (!isKept) values.forEach((each) => this.excluded.add(each));
    else this.listed = new Set(values.filter((each) => this.listed?.has(each) ?? true));
  }

  keepOrdered(op: Operator | 'not in', { min, max }: Bounds): void {
    if (op === '==' || op === '>=') this.min = Math.max(this.min, min);
    if (op === '==' || op === '<=') this.max = Math.min(this.max, max);
    if (op === '>') this.min = Math.max(this.min, min + this.step);
    if (op === '<') this.max = Math.min(this.max, max - this.step);
    if (op === '!=' && min === max) this.excluded.add(min);
  }

  isEmpty(): boolean {
    if (this.listed !== undefined) return [...this.listed].every((each) => !this.holds(each));
    // More values than are excluded.
    if ((this.max - this.min) / this.step >= this.excluded.size) return this.min > this.max;
    for (let each = this.min; each <= this.max; each += this.step) if (this.holds(each)) return false;
    return true;
  }

  private holds(value: Scalar): boolean {
    if (this.excluded.has(value)) return false;
    return typeof value !== 'number' || (this.min <= value && value <= this.max);
  }
}
