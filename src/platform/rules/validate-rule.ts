import { Ajv, type ValidateFunction } from 'ajv';
import { Refusal } from '../errors/index.js';
import { boundsOf, mostMonthsOf, type Bounds } from './bounds.js';
import { boundsOfLeft, contradictionIn, leavesOf, type Contradiction } from './foregone.js';
import { rangeOf, type MetricCatalogue, type Unit } from './metric-catalogue.js';
import { nearestName } from './nearest-name.js';
import { isList } from './references.js';
import { renderAmount, renderExpression, renderLeft, unitOf } from './render-rule.js';
import {
  limits,
  operators,
  type Comparison,
  type Condition,
  type Expression,
  type Operator,
  type Window,
} from './rule.js';
import { openShapes, type Shape } from './rule-schema.js';

export interface RuleError {
  /** JSON pointer (RFC 6901) to the place; '' is the whole rule. */
  readonly pointer: string;
  readonly reason: string;
}

export type CheckedCondition =
  { readonly ok: true; readonly condition: Condition } | { readonly ok: false; readonly errors: readonly RuleError[] };
export type CheckedExpression =
  | { readonly ok: true; readonly expression: Expression }
  | { readonly ok: false; readonly errors: readonly RuleError[] };

export class InvalidRule extends Refusal {
  constructor(readonly errors: readonly RuleError[]) {
    super('rule.invalid', 'malformed', `The rule has ${errors.length} error(s).`, {
      errors: errors.map(({ pointer, reason }) => `${pointer || '/'}: ${reason}`),
    });
  }
}

/**
 * Checks shape and meaning and names the errors at once (the first {@link limits.errors}). A rule that passes compiles against the same
 * catalogue, and no comparison in it is decided before it is asked.
 */
export function validateCondition(catalogue: MetricCatalogue, json: unknown): CheckedCondition {
  const check = new RuleCheck(catalogue);
  check.condition(json, '', 1);
  return check.errors.length > 0 ? { ok: false, errors: check.errors } : { ok: true, condition: json as Condition };
}

export function validateExpression(catalogue: MetricCatalogue, json: unknown): CheckedExpression {
  const check = new RuleCheck(catalogue);
  check.expression(json, '', 1);
  return check.errors.length > 0 ? { ok: false, errors: check.errors } : { ok: true, expression: json as Expression };
}

/** @throws {InvalidRule} */
export function conditionFrom(catalogue: MetricCatalogue, json: unknown): Condition {
  const checked = validateCondition(catalogue, json);
  if (!checked.ok) throw new InvalidRule(checked.errors);
  return checked.condition;
}

/** @throws {InvalidRule} */
export function expressionFrom(catalogue: MetricCatalogue, json: unknown): Expression {
  const checked = validateExpression(catalogue, json);
  if (!checked.ok) throw new InvalidRule(checked.errors);
  return checked.expression;
}

const ajv = new Ajv({ allErrors: true, strictTuples: false });
const shapeChecks = new Map<string, ValidateFunction>(
  Object.entries(openShapes()).map(([name, schema]) => [name, ajv.compile(schema)]),
);

const conditionShapes: Readonly<Record<string, Shape>> = {
  all: 'AllOf',
  any: 'AnyOf',
  not: 'Negation',
  expr: 'ExpressionComparison',
  metric: 'MetricComparison',
};
const expressionShapes: Readonly<Record<string, Shape>> = {
  const: 'Constant',
  add: 'Sum',
  sub: 'Difference',
  mul: 'Product',
  divFloor: 'FloorQuotient',
  min: 'Lowest',
  max: 'Highest',
  case: 'Case',
  metric: 'MetricValue',
};
const windowShapes = new Map<unknown, Shape>([
  ['rolling-months', 'RollingMonths'],
  ['calendar-year', 'CalendarYear'],
  ['points-year', 'PointsYear'],
  ['anniversary-year', 'AnniversaryYear'],
]);

type Node = Readonly<Record<string, unknown>>;
type Type = 'integer' | 'text' | 'boolean';

const operatorsOf: Readonly<Record<Type, readonly Operator[]>> = {
  integer: operators,
  text: ['==', '!=', 'in'],
  boolean: ['==', '!='],
};

class RuleCheck {
  readonly errors: RuleError[] = [];
  private refusals = 0;
  private nodes = 0;
  private readonly suggestions = new Map<string, string | undefined>();

  constructor(private readonly catalogue: MetricCatalogue) {}

  condition(json: unknown, pointer: string, depth: number): void {
    const refusals = this.refusals;
    const node = this.enter(json, pointer, depth);
    if (node === undefined || !this.hasShape(node, conditionShapes, pointer, 'a condition')) return;
    for (const key of ['all', 'any']) {
      listIn(node[key]).forEach((child, i) => this.condition(child, `${pointer}/${key}/${i}`, depth + 1));
    }
    if ('not' in node) this.condition(node['not'], `${pointer}/not`, depth + 1);
    if ('expr' in node) {
      this.expression(node['expr'], `${pointer}/expr`, depth + 1);
      this.value(node, 'integer', pointer, depth);
    } else if ('metric' in node) {
      const type = this.metric(node, pointer);
      if (type !== undefined) this.value(node, type, pointer, depth);
    }
    if (this.refusals === refusals) this.asked(json as Condition, pointer);
  }

  /** A comparison that everybody or nobody satisfies asks nothing: somebody has made a mistake. */
  private asked(condition: Condition, pointer: string): void {
    if ('not' in condition) return;
    if ('all' in condition) {
      const found = contradictionIn(leavesOf(condition, pointer, true), this.catalogue);
      if (found) this.refuse(found.leaf.pointer, `can never hold together with ${othersIn(found)}`);
      return;
    }
    if ('any' in condition) {
      const found = contradictionIn(leavesOf(condition, pointer, false), this.catalogue);
      if (found) this.refuse(found.leaf.pointer, `one always holds, this or ${othersIn(found)}`);
      return;
    }
    const refusals = this.refusals;
    if (condition.op === 'in') this.listed(condition, pointer);
    if (this.refusals > refusals) return;
    for (const [wanted, verdict] of [
      [true, 'can never hold'],
      [false, 'always holds'],
    ] as const) {
      if (contradictionIn([{ comparison: condition, pointer, wanted }], this.catalogue)) {
        this.refuse(pointer, `${verdict}: ${this.rangesOf(condition)}`);
        return;
      }
    }
  }

  private listed(comparison: Comparison, pointer: string): void {
    const bounds = boundsOfLeft(comparison, this.catalogue);
    listIn(comparison.value).forEach((item, i) => {
      if (bounds && typeof item === 'number' && (item < bounds.min || item > bounds.max))
        this.refuse(`${pointer}/value/${i}`, `can never be: ${this.rangesOf(comparison)}`);
    });
  }

  private rangesOf(comparison: Comparison): string {
    const said = (subject: string, bounds: Bounds | undefined, unit: Unit): string =>
      bounds ? `${subject} is ${rangeText(bounds, unit)}` : subject;
    const { value } = comparison;
    const unit = unitOf('expr' in comparison ? comparison.expr : comparison, this.catalogue);
    const left = said(renderLeft(comparison, this.catalogue, 'en'), boundsOfLeft(comparison, this.catalogue), unit);
    if (typeof value !== 'object' || isList(value)) return left;
    const right = renderExpression(value, this.catalogue, 'en');
    return `${left}, ${said(right, boundsOf(value, this.catalogue), unitOf(value, this.catalogue))}`;
  }

  expression(json: unknown, pointer: string, depth: number): void {
    const refusals = this.refusals;
    const node = this.enter(json, pointer, depth);
    if (node === undefined || !this.hasShape(node, expressionShapes, pointer, 'an expression')) return;
    for (const key of ['add', 'sub', 'min', 'max', 'mul', 'divFloor']) {
      const operands = listIn(node[key]).slice(0, key === 'mul' || key === 'divFloor' ? 1 : undefined);
      operands.forEach((child, i) => this.expression(child, `${pointer}/${key}/${i}`, depth + 1));
    }
    if ('case' in node) this.branches(node, pointer, depth);
    if ('metric' in node) {
      const type = this.metric(node, pointer);
      if (type !== undefined && type !== 'integer')
        this.refuse(pointer, `${type} metric where a whole number is needed`);
      if (node['agg'] === 'avg') this.refuse(`${pointer}/agg`, 'avg is not whole inside arithmetic: use avgFloor');
    }
    if (this.refusals > refusals) return;
    const { min, max } = boundsOf(json as Expression, this.catalogue);
    if (min < -Number.MAX_SAFE_INTEGER || max > Number.MAX_SAFE_INTEGER) {
      this.refuse(
        pointer,
        'the result can leave the exact whole numbers (2^53): divide earlier or use smaller factors',
      );
    }
  }

  private branches(node: Node, pointer: string, depth: number): void {
    const refusals = this.refusals;
    const cases = listIn(node['case']);
    cases.forEach((json, i) => {
      const at = `${pointer}/case/${i}`;
      const branch = this.enter(json, at, depth);
      if (branch === undefined || !this.fits(branch, 'Branch', at)) return;
      this.condition(branch['when'], `${at}/when`, depth + 1);
      this.expression(branch['then'], `${at}/then`, depth + 1);
    });
    this.expression(node['else'], `${pointer}/else`, depth + 1);
    if (this.refusals > refusals) return;
    const whens = cases.map((branch) => objectIn(branch)?.['when'] as Condition);
    const earlier = whens.map((when, i) => leavesOf(when, `${pointer}/case/${i}/when`, false));
    whens.forEach((when, i) => {
      const at = `${pointer}/case/${i}/when`;
      const found = contradictionIn([...earlier.slice(0, i).flat(), ...leavesOf(when, at, true)], this.catalogue);
      if (found) this.refuse(at, 'can never hold here: the branches before it take everybody for whom it would');
    });
  }

  private metric(node: Node, pointer: string): Type | undefined {
    const name = node['metric'];
    const metric = typeof name === 'string' ? this.catalogue.get(name) : undefined;
    if (metric === undefined) {
      this.refuse(`${pointer}/metric`, `unknown metric${typeof name === 'string' ? this.unknown(name) : ''}`);
      return undefined;
    }
    if (metric.source === 'customer') {
      for (const key of ['agg', 'window']) {
        if (key in node)
          this.refuse(`${pointer}/${key}`, `${metric.name} has one value per customer: ${key} has no meaning`);
      }
      return metric.type;
    }
    if (!('agg' in node)) this.refuse(`${pointer}/agg`, `${metric.name} has a value per month: agg is needed`);
    const months = this.window(node, pointer, metric.name);
    const isTotal = node['agg'] === 'sum' || node['agg'] === 'avg' || node['agg'] === 'avgFloor';
    if (isTotal && rangeOf(metric).largest * months > Number.MAX_SAFE_INTEGER) {
      this.refuse(pointer, 'the sum can leave the exact whole numbers (2^53): use a shorter window');
    }
    return 'integer';
  }

  private unknown(name: string): string {
    const written = name.slice(0, 60);
    if (!this.suggestions.has(written)) this.suggestions.set(written, nearestName(written, this.catalogue.keys()));
    const meant = this.suggestions.get(written);
    return ` "${written}"${meant === undefined ? '' : `: did you mean ${meant}?`}`;
  }

  /** The most months that it has. */
  private window(node: Node, pointer: string, metric: string): number {
    const at = `${pointer}/window`;
    if (!('window' in node)) this.refuse(at, `${metric} has a value per month: window is needed`);
    else {
      const window = objectIn(node['window']);
      const shape = windowShapes.get(window?.['kind']);
      if (window === undefined || shape === undefined) {
        this.refuse(at, 'must have kind rolling-months, calendar-year, points-year or anniversary-year');
      } else if (this.fits(window, shape, at)) {
        return mostMonthsOf(node['window'] as Window);
      }
    }
    return 0;
  }

  private value(node: Node, type: Type, pointer: string, depth: number): void {
    const at = `${pointer}/value`;
    const op = node['op'];
    const value = node['value'];
    const comparing: readonly unknown[] = operatorsOf[type];
    if (operators.some((each) => each === op) && !comparing.includes(op)) {
      this.refuse(`${pointer}/op`, `${String(op)} does not compare ${type}: use ${comparing.join(', ')}`);
    }
    if (op === 'in') {
      if (node['agg'] === 'avg') this.refuse(`${pointer}/op`, 'an exact average is not in a list: use avgFloor');
      const items = listIn(value);
      if (items.length === 0 || items.length > limits.listLength) {
        this.refuse(at, `must be a list of 1 to ${limits.listLength} values`);
        return;
      }
      const seen = new Set<unknown>();
      items.forEach((item, i) => {
        this.scalar(item, type, `${at}/${i}`);
        if (seen.has(item)) this.refuse(`${at}/${i}`, 'is in the list twice');
        seen.add(item);
      });
    } else if (type === 'integer' && objectIn(value) !== undefined) {
      const refusals = this.refusals;
      this.expression(value, at, depth + 1);
      if (node['agg'] === 'avg' && this.refusals === refusals)
        this.exactAverage(node, boundsOf(value as Expression, this.catalogue), at);
    } else {
      this.scalar(value, type, at);
      if (node['agg'] === 'avg' && typeof value === 'number') this.exactAverage(node, { min: value, max: value }, at);
    }
  }

  /** `avg ≥ v` is decided as `sum ≥ v × months`. */
  private exactAverage(node: Node, { min, max }: Pick<Bounds, 'min' | 'max'>, pointer: string): void {
    const months = objectIn(node['window'])?.['months'];
    const largest = Math.max(Math.abs(min), Math.abs(max));
    if (largest * (typeof months === 'number' ? months : 12) > Number.MAX_SAFE_INTEGER) {
      this.refuse(pointer, 'value × months can leave the exact whole numbers (2^53)');
    }
  }

  private scalar(json: unknown, type: Type, pointer: string): void {
    switch (type) {
      case 'integer':
        if (!Number.isInteger(json) || Math.abs(Number(json)) > limits.number) {
          this.refuse(pointer, `must be a whole number of at most ±${limits.number}`);
        }
        return;
      case 'text':
        if (typeof json !== 'string' || json.length > limits.textLength || /[\u0000\ud800-\udfff]/u.test(json)) {
          this.refuse(pointer, `must be a text of at most ${limits.textLength} characters`);
        }
        return;
      case 'boolean':
        if (typeof json !== 'boolean') this.refuse(pointer, 'must be true or false');
    }
  }

  /** Counts the node and stops at the limits before anything recurses into a hostile tree. */
  private enter(json: unknown, pointer: string, depth: number): Node | undefined {
    this.nodes += 1;
    if (this.nodes > limits.nodes) {
      if (this.nodes === limits.nodes + 1)
        this.refuse(pointer, `is one node too many: a rule has at most ${limits.nodes}`);
    } else if (depth > limits.depth) this.refuse(pointer, `is nested deeper than ${limits.depth} levels`);
    else {
      const node = objectIn(json);
      if (node === undefined) this.refuse(pointer, 'must be an object');
      return node;
    }
    return undefined;
  }

  private hasShape(node: Node, candidates: Readonly<Record<string, Shape>>, pointer: string, what: string): boolean {
    const key = Object.keys(candidates).find((each) => Object.hasOwn(node, each));
    const shape = key === undefined ? undefined : candidates[key];
    if (shape === undefined) {
      this.refuse(pointer, `must be ${what}: one of ${Object.keys(candidates).join(', ')}`);
      return false;
    }
    this.fits(node, shape, pointer);
    return true;
  }

  private fits(node: Node, shape: Shape | 'Branch', pointer: string): boolean {
    const check = shapeChecks.get(shape);
    if (check === undefined || check(node)) return true;
    for (const error of check.errors ?? []) {
      const unknownKey =
        error.keyword === 'additionalProperties' ? ` "${String(error.params['additionalProperty'])}"` : '';
      const allowed = error.keyword === 'enum' ? `: ${String(error.params['allowedValues'])}` : '';
      const divisor = error.instancePath.startsWith('/divFloor') ? badDivisorIn(node) : undefined;
      this.refuse(pointer + error.instancePath, divisor ?? `${error.message ?? error.keyword}${unknownKey}${allowed}`);
    }
    return false;
  }

  private refuse(pointer: string, reason: string): void {
    this.refusals += 1;
    const isNew = !this.errors.some((each) => each.pointer === pointer && each.reason === reason);
    if (isNew && this.errors.length < limits.errors) this.errors.push({ pointer, reason });
  }
}

function listIn(json: unknown): readonly unknown[] {
  return Array.isArray(json) ? json : [];
}

function objectIn(json: unknown): Node | undefined {
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Node) : undefined;
}

function badDivisorIn(node: Node): string | undefined {
  const [, divisor, ...more] = listIn(node['divFloor']);
  if (more.length > 0 || (Number.isInteger(divisor) && Number(divisor) > 0)) return undefined;
  const written = typeof divisor === 'number' && divisor !== 0 ? String(divisor) : 'nothing';
  return `divides by ${written}: the divisor must be a positive whole number`;
}

function othersIn({ others }: Contradiction): string {
  return others.map(({ pointer }) => pointer).join(', ');
}

function rangeText({ min, max }: Bounds, unit: Unit): string {
  const [low, high] = [renderAmount(min, unit, 'en'), renderAmount(max, unit, 'en')];
  return min === max ? `always ${low}` : `between ${low} and ${high}`;
}
