/**
 * Rules as data: one tree explains ONE customer (TypeScript) and decides a MILLION (SQL); a property test holds them equal.
 *
 *     defineMetrics(metrics: Metric[]): MetricCatalogue
 *     validateCondition(catalogue, json): {ok: true, condition} | {ok: false, errors: {pointer, reason}[]}
 *     validateExpression(catalogue, json): {ok: true, expression} | {ok: false, errors}
 *     conditionFrom(catalogue, json): Condition          // throws InvalidRule (a Refusal) with all the errors
 *     expressionFrom(catalogue, json): Expression
 *
 *     compilePredicate(condition, catalogue): (facts: CustomerFacts | MeasuredFacts, asOf) => {holds, trace: TraceNode[]}
 *     compileExpression(expression, catalogue): (facts: CustomerFacts | MeasuredFacts, asOf) => number | null
 *     measure(rules, facts, catalogue, asOf): MeasuredFacts    // what the rules read and nothing else: keep it, and decide the same again
 *
 *     const parameters = new SqlParameters([…values the caller uses already])
 *     const plan = collectAggregates({rules: (Condition | Expression)[], catalogue, asOf, parameters, aliases?})
 *     plan.select                      // "sum(m.spend_fen) FILTER (WHERE …)::bigint AS a1, …"  ('' when there is none)
 *     plan.months                      // {from, to} first days, from ≤ month < to: the scan must be bound so; undefined when no month is read
 *     plan.readsAnniversary            // a rule asks about an anniversary year: m must also offer anniversary_month (1–12 or null)
 *     compileSql(rule, plan): string   // boolean for a condition, bigint for an expression, over rows c (customer) and f (plan.select)
 *     factsSql(plan): string           // json over the same rows, the MeasuredFacts that all rules of the plan read
 *
 *     boundsOf(expression, catalogue): {min, max, nullable}    // what it can come to, by the ranges that the metrics declare
 *
 *     render(condition, catalogue, 'en' | 'zh'): string ; renderExpression ; renderAmount(value, unit, language)
 *     ruleSchemas(ref): Record<name, JSON Schema>        // for OpenAPI: ruleSchemas((name) => `#/components/schemas/${name}`)
 *
 * One rule, four times. In JSON, as authors write and the database stores it:
 *
 *     {"all": [
 *       {"metric": "netSpend", "agg": "sum", "window": {"kind": "calendar-year", "offset": -1}, "op": ">=", "value": 1200000},
 *       {"any": [{"metric": "tenure", "op": ">=", "value": 24}, {"metric": "brand", "op": "==", "value": "GOTONE"}]}]}
 *
 * In English and in Chinese, as approvers and customers read it:
 *
 *     total net spend over the last calendar year is at least 12,000 yuan
 *       and (time in network is at least 24 months or brand is “GOTONE”)
 *     上一自然年净消费合计不低于12,000元且（网龄不低于24个月或品牌为「GOTONE」）
 *
 * In SQL on 2026-02-01, as a run decides it:
 *
 *     SELECT c.customer_id,
 *            (((COALESCE(f.a1, 0) >= $1::bigint) IS TRUE)
 *              AND (((c.tenure_months::bigint >= $2::bigint) IS TRUE) OR ((c.brand = $3::text) IS TRUE))) AS gold   -- compileSql
 *       FROM customers AS c
 *       LEFT JOIN (SELECT m.customer_id,
 *                         (sum(m.net_spend_fen))::bigint AS a1                                                       -- plan.select
 *                    FROM usage.month_fact AS m
 *                   WHERE m.month >= $4::date AND m.month < $5::date                                                  -- plan.months
 *                   GROUP BY m.customer_id) AS f ON f.customer_id = c.customer_id
 *
 * The caller must bound the scan, with `parameters.add(plan.months.from, 'date')`: a window that begins or ends with it is not filtered again.
 */
export * from './rule.js';
export * from './metric-catalogue.js';
export * from './validate-rule.js';
export { boundsOf, type Bounds } from './bounds.js';
export { comparisonsOf, readsMoney, referencesOf, type Rule } from './references.js';
export { measure, type CustomerFacts, type Facts, type MeasuredFacts, type MonthFacts } from './facts.js';
export * from './compile-predicate.js';
export * from './compile-sql.js';
export { readFactsOfOne } from './read-facts.js';
export * from './render-rule.js';
export { ruleSchemas, type JsonSchema, type SchemaName } from './rule-schema.js';
export { monthsOf, type MonthSpan } from './window-months.js';
