/**
 * Rules as data: one tree explains ONE customer (TypeScript) and decides a MILLION (SQL); a property test holds them equal.
 *
 *     defineMetrics(metrics: Metric[]): MetricCatalogue
 *     validateCondition(catalogue, json): {ok: true, condition} | {ok: false, errors: {pointer, reason}[]}
 *     validateExpression(catalogue, json): {ok: true, expression} | {ok: false, errors}
 *     conditionFrom(catalogue, json): Condition          // throws InvalidRule (a Refusal) with all the errors
 *     expressionFrom(catalogue, json): Expression
 *
 *     compilePredicate(condition, catalogue): (facts: CustomerFacts, asOf) => {holds, trace: TraceNode[]}
 *     compileExpression(expression, catalogue): (facts: CustomerFacts, asOf) => number | null
 *
 *     const parameters = new SqlParameters([…values the caller uses already])
 *     const plan = collectAggregates({rules: (Condition | Expression)[], catalogue, asOf, parameters, aliases?})
 *     plan.select                      // "sum(m.spend_fen) FILTER (WHERE …)::bigint AS a1, …"  ('' when there is none)
 *     plan.months                      // {from, to} first days, from ≤ month < to: bounds the scan; undefined when no month is read
 *     compileSql(rule, plan): string   // boolean for a condition, bigint for an expression, over rows c (customer) and f (plan.select)
 *
 *     render(condition, catalogue, 'en' | 'zh'): string ; renderExpression ; renderAmount(value, unit, language)
 *     ruleSchemas(ref): Record<name, JSON Schema>        // for OpenAPI: ruleSchemas((name) => `#/components/schemas/${name}`)
 */
export * from './rule.js';
export * from './metric-catalogue.js';
export * from './validate-rule.js';
export * from './compile-predicate.js';
export * from './compile-sql.js';
export * from './render-rule.js';
export { ruleSchemas, type JsonSchema, type SchemaName } from './rule-schema.js';
export { monthsOf, type MonthSpan } from './window-months.js';
