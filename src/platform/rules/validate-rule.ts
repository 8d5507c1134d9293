import { Ajv, type ValidateFunction } from 'ajv';
import { Refusal } from '../errors/index.js';
import type { MetricCatalogue } from './metric-catalogue.js';
import { limits, operators, type Condition, type Expression, type Operator } from './rule.js';
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

/** Checks shape and meaning and names every error at once. A rule that passes compiles against the same catalogue. */
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
  private nodes = 0;

  constructor(private readonly catalogue: MetricCatalogue) {}

  condition(json: unknown, pointer: string, depth: number): void {
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
      const left = this.metric(node, pointer);
      if (left !== undefined) this.value(node, left.type, pointer, depth);
    }
  }

  /** Returns the largest absolute value that the expression can take. */
  expression(json: unknown, pointer: string, depth: number): number {
    const node = this.enter(json, pointer, depth);
    if (node === undefined || !this.hasShape(node, expressionShapes, pointer, 'an expression')) return 0;
    const operand = (key: string, at: number) =>
      this.expression(listIn(node[key])[at], `${pointer}/${key}/${at}`, depth + 1);
    const operands = (key: string) => listIn(node[key]).map((_, at) => operand(key, at));
    const factor = (key: string) => Math.abs(Number(listIn(node[key])[1])) || 0;

    let largest = 0;
    if ('const' in node) largest = Math.abs(Number(node['const'])) || 0;
    else if ('add' in node) largest = operands('add').reduce((sum, each) => sum + each, 0);
    else if ('sub' in node) largest = operand('sub', 0) + operand('sub', 1);
    else if ('mul' in node) largest = operand('mul', 0) * factor('mul');
    else if ('divFloor' in node) largest = operand('divFloor', 0);
    else if ('min' in node) largest = Math.max(0, ...operands('min'));
    else if ('max' in node) largest = Math.max(0, ...operands('max'));
    else if ('case' in node) largest = this.branches(node, pointer, depth);
    else {
      const metric = this.metric(node, pointer);
      if (metric !== undefined && metric.type !== 'integer') {
        this.refuse(pointer, `${metric.type} metric where a whole number is needed`);
      }
      if (node['agg'] === 'avg') this.refuse(`${pointer}/agg`, 'avg is not whole inside arithmetic: use avgFloor');
      largest = metric?.largest ?? 0;
    }
    if (largest > Number.MAX_SAFE_INTEGER) {
      this.refuse(
        pointer,
        'the result can leave the exact whole numbers (2^53): divide earlier or use smaller factors',
      );
      return 0;
    }
    return largest;
  }

  private branches(node: Node, pointer: string, depth: number): number {
    const branches = listIn(node['case']).map((json, i) => {
      const at = `${pointer}/case/${i}`;
      const branch = this.enter(json, at, depth);
      if (branch === undefined || !this.fits(branch, 'Branch', at)) return 0;
      this.condition(branch['when'], `${at}/when`, depth + 1);
      return this.expression(branch['then'], `${at}/then`, depth + 1);
    });
    return Math.max(this.expression(node['else'], `${pointer}/else`, depth + 1), ...branches);
  }

  private metric(node: Node, pointer: string): { type: Type; largest: number } | undefined {
    const name = node['metric'];
    const metric = typeof name === 'string' ? this.catalogue.get(name) : undefined;
    if (metric === undefined) {
      this.refuse(`${pointer}/metric`, `unknown metric${typeof name === 'string' ? ` "${name.slice(0, 60)}"` : ''}`);
      return undefined;
    }
    const largest = metric.largest ?? limits.number;
    if (metric.source === 'customer') {
      for (const key of ['agg', 'window']) {
        if (key in node)
          this.refuse(`${pointer}/${key}`, `${metric.name} has one value per customer: ${key} has no meaning`);
      }
      return { type: metric.type, largest };
    }
    if (!('agg' in node)) this.refuse(`${pointer}/agg`, `${metric.name} has a value per month: agg is needed`);
    const months = this.window(node, pointer, metric.name);
    const total = node['agg'] === 'sum' || node['agg'] === 'avg';
    if (total && largest * months > Number.MAX_SAFE_INTEGER) {
      this.refuse(pointer, 'the sum can leave the exact whole numbers (2^53): use a shorter window');
    }
    return {
      type: 'integer',
      largest: node['agg'] === 'count' ? months : node['agg'] === 'sum' ? largest * months : largest,
    };
  }

  private window(node: Node, pointer: string, metric: string): number {
    const at = `${pointer}/window`;
    if (!('window' in node)) this.refuse(at, `${metric} has a value per month: window is needed`);
    else {
      const window = objectIn(node['window']);
      const shape = windowShapes.get(window?.['kind']);
      if (window === undefined || shape === undefined) {
        this.refuse(at, 'must have kind rolling-months, calendar-year, points-year or anniversary-year');
      } else if (this.fits(window, shape, at)) {
        return typeof window['months'] === 'number' ? window['months'] : 12;
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
      items.forEach((item, i) => this.scalar(item, type, `${at}/${i}`));
    } else if (type === 'integer' && objectIn(value) !== undefined) {
      const largest = this.expression(value, at, depth + 1);
      if (node['agg'] === 'avg') this.exactAverage(node, largest, at);
    } else {
      this.scalar(value, type, at);
      if (node['agg'] === 'avg' && typeof value === 'number') this.exactAverage(node, Math.abs(value), at);
    }
  }

  /** `avg ≥ v` is decided as `sum ≥ v × months`. */
  private exactAverage(node: Node, largest: number, pointer: string): void {
    const months = objectIn(node['window'])?.['months'];
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
    if (depth > limits.depth) this.refuse(pointer, `is nested deeper than ${limits.depth} levels`);
    else if (this.nodes === limits.nodes + 1) this.refuse('', `has more than ${limits.nodes} nodes`);
    else if (this.nodes <= limits.nodes) {
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
      this.refuse(pointer + error.instancePath, `${error.message ?? error.keyword}${unknownKey}${allowed}`);
    }
    return false;
  }

  private refuse(pointer: string, reason: string): void {
    this.errors.push({ pointer, reason });
  }
}

function listIn(json: unknown): readonly unknown[] {
  return Array.isArray(json) ? json : [];
}

function objectIn(json: unknown): Node | undefined {
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Node) : undefined;
}
