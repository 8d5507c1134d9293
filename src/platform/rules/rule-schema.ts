import { aggregates, limits, operators } from './rule.js';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** A node whose own keys can be checked without looking into its children. */
export type Shape =
  | 'AllOf'
  | 'AnyOf'
  | 'Negation'
  | 'MetricComparison'
  | 'ExpressionComparison'
  | 'MetricValue'
  | 'Constant'
  | 'Sum'
  | 'Difference'
  | 'Product'
  | 'FloorQuotient'
  | 'Lowest'
  | 'Highest'
  | 'Case'
  | 'RollingMonths'
  | 'CalendarYear'
  | 'PointsYear'
  | 'AnniversaryYear';
export type SchemaName = Shape | 'Condition' | 'Comparison' | 'Expression' | 'Value' | 'Window' | 'Branch';

/**
 * The JSON Schemas of the rule tree by name, for OpenAPI and for editors: `ruleSchemas((name) => '#/components/schemas/' + name)`.
 * What only the catalogue knows (metric names, types) is not in them; `validateCondition` checks both.
 */
export function ruleSchemas(pathOf: (name: SchemaName) => string): Record<SchemaName, JsonSchema> {
  return schemas((name) => ({ $ref: pathOf(name) }));
}

/** The same shapes with their children left open: a tree is checked node by node, so that each error names its own place. */
export function openShapes(): Record<Shape, JsonSchema> {
  return schemas(() => ({}));
}

function schemas(child: (name: SchemaName) => JsonSchema): Record<SchemaName, JsonSchema> {
  const oneOf = (...names: SchemaName[]): JsonSchema => ({ oneOf: names.map(child) });
  const list = (name: SchemaName): JsonSchema => ({ type: 'array', items: child(name), minItems: 1 });
  const integer: JsonSchema = { type: 'integer', minimum: -limits.number, maximum: limits.number };
  // PostgreSQL text holds neither NUL nor half a surrogate pair.
  const text: JsonSchema = { type: 'string', maxLength: limits.textLength, pattern: '^[^\\u0000\\ud800-\\udfff]*$' };
  const listOf = (items: JsonSchema): JsonSchema => ({
    type: 'array',
    items,
    minItems: 1,
    maxItems: limits.listLength,
  });
  const metric = {
    metric: { type: 'string', maxLength: limits.textLength },
    agg: { enum: aggregates },
    window: child('Window'),
  };
  const pair = (second: JsonSchema): JsonSchema => ({
    type: 'array',
    items: [child('Expression'), second],
    minItems: 2,
    maxItems: 2,
  });
  const comparison = { op: { enum: operators }, value: child('Value') };
  const year = (kind: string): JsonSchema => object({ kind: { const: kind } }, { offset: { enum: [0, -1] } });
  return {
    Condition: oneOf('AllOf', 'AnyOf', 'Negation', 'MetricComparison', 'ExpressionComparison'),
    AllOf: object({ all: list('Condition') }),
    AnyOf: object({ any: list('Condition') }),
    Negation: object({ not: child('Condition') }),
    Comparison: oneOf('MetricComparison', 'ExpressionComparison'),
    MetricComparison: object({ metric: metric.metric, ...comparison }, { agg: metric.agg, window: metric.window }),
    ExpressionComparison: object({ expr: child('Expression'), ...comparison }),
    Value: { oneOf: [integer, text, { type: 'boolean' }, listOf(integer), listOf(text), child('Expression')] },
    Expression: oneOf(
      'MetricValue',
      'Constant',
      'Sum',
      'Difference',
      'Product',
      'FloorQuotient',
      'Lowest',
      'Highest',
      'Case',
    ),
    MetricValue: object({ metric: metric.metric }, { agg: metric.agg, window: metric.window }),
    Constant: object({ const: integer }),
    Sum: object({ add: list('Expression') }),
    Difference: object({ sub: pair(child('Expression')) }),
    Product: object({ mul: pair(integer) }),
    FloorQuotient: object({ divFloor: pair({ ...integer, minimum: 1 }) }),
    Lowest: object({ min: list('Expression') }),
    Highest: object({ max: list('Expression') }),
    Case: object({ case: list('Branch'), else: child('Expression') }),
    Branch: object({ when: child('Condition'), then: child('Expression') }),
    Window: oneOf('RollingMonths', 'CalendarYear', 'PointsYear', 'AnniversaryYear'),
    RollingMonths: object(
      { kind: { const: 'rolling-months' }, months: { type: 'integer', minimum: 1, maximum: limits.windowMonths } },
      { skip: { type: 'integer', minimum: 0, maximum: limits.windowMonths } },
    ),
    CalendarYear: year('calendar-year'),
    PointsYear: year('points-year'),
    AnniversaryYear: year('anniversary-year'),
  };
}

function object(required: Record<string, JsonSchema>, optional: Record<string, JsonSchema> = {}): JsonSchema {
  return {
    type: 'object',
    properties: { ...required, ...optional },
    required: Object.keys(required),
    additionalProperties: false,
  };
}
