import {
  comparisonsOf,
  readsMoney,
  referencesOf,
  type Comparison,
  type Condition,
  type Rule,
  type TraceNode,
} from '../../../platform/rules/index.js';
import type { Decision, Reason } from './decide.js';
import type { Explanation } from './explain.js';
import { tierMetrics } from './metrics.js';
import type { RuleSetBody } from './rule-set.js';
import type { Progress } from './standing.js';

interface Shown {
  readonly inputs: Decision['inputs'];
  readonly reasons: readonly Reason[];
  readonly progress: readonly Progress[];
  readonly gates: Explanation['gates'];
}

/** What a level was decided from, without what tells how much the customer spends. @param body what it was decided by. */
export const withoutAmounts = <T extends Partial<Shown>>(body: RuleSetBody, found: T): T =>
  without((rule) => readsMoney(rule, tierMetrics), body, found);

/** What a level was decided from, without what tells the age. @param body what it was decided by. */
export const withoutAge = <T extends Partial<Shown>>(body: RuleSetBody, found: T): T =>
  without((rule) => referencesOf(rule).some(({ metric }) => metric === 'age'), body, found);

/**
 * Figures, routes and conditions that are made of it lose their values and what is missing to the next threshold. Thresholds stay: they
 * are the rules.
 */
function without<T extends Partial<Shown>>(isMadeOfIt: (rule: Rule) => boolean, body: RuleSetBody, found: T): T {
  // A figure that the rules do not know may have been made of anything.
  const isHidden = (rule: Rule | undefined): boolean => rule === undefined || isMadeOfIt(rule);
  const isHiddenFigure = (code: string): boolean => isHidden(body.inputs.find((each) => each.code === code)?.value);
  const isHiddenRoute = (code: string): boolean => isHidden(body.routes.find((each) => each.code === code)?.measure);
  const conditionOf = (code: string): Condition | undefined =>
    [...body.requirements, ...body.exclusions].find((each) => each.code === code)?.condition;
  const { inputs, reasons, progress, gates } = found;
  return {
    ...found,
    ...(inputs && {
      inputs: Object.fromEntries(
        Object.entries(inputs).map(([code, value]) => [code, isHiddenFigure(code) ? null : value]),
      ),
    }),
    ...(reasons && {
      reasons: reasons.map((each) =>
        each.kind === 'route' && isHiddenRoute(each.code) ? { ...each, actual: null, gap: null } : each,
      ),
    }),
    ...(progress && {
      progress: progress.map((each) =>
        isHiddenRoute(each.route) ? { ...each, actual: null, toKeep: undefined, toRise: undefined } : each,
      ),
    }),
    ...(gates && {
      gates: gates.map((each) => {
        const condition = conditionOf(each.code);
        if (!isHidden(condition)) return each;
        const comparisons = condition ? comparisonsOf(condition) : [];
        return { ...each, checks: each.checks.map((check, nth) => withoutValue(check, comparisons[nth])) };
      }),
    }),
  };
}

/** A threshold that is reckoned for each customer is none of the rules. */
function withoutValue(check: TraceNode, comparison: Comparison | undefined): TraceNode {
  const isOfTheRules = typeof comparison?.value !== 'object' || Array.isArray(comparison.value);
  return { ...check, actual: null, gap: null, threshold: isOfTheRules ? check.threshold : null };
}
