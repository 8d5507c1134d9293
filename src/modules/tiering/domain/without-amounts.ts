import { readsMoney, type TraceNode } from '../../../platform/rules/index.js';
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

/**
 * What a level was decided from, without what tells how much the customer spends: figures, routes and conditions that are made of
 * money lose their values and what is missing to the next threshold. Thresholds stay: they are the rules.
 */
export function withoutAmounts<T extends Partial<Shown>>(body: RuleSetBody, found: T): T {
  const isMoney = (rule: Parameters<typeof readsMoney>[0] | undefined): boolean =>
    // A figure that the rule set of today no longer has may have been money.
    rule === undefined || readsMoney(rule, tierMetrics);
  const isMoneyFigure = (code: string): boolean => isMoney(body.inputs.find((each) => each.code === code)?.value);
  const isMoneyRoute = (code: string): boolean => isMoney(body.routes.find((each) => each.code === code)?.measure);
  const isMoneyGate = (code: string): boolean =>
    isMoney([...body.requirements, ...body.exclusions].find((each) => each.code === code)?.condition);
  const { inputs, reasons, progress, gates } = found;
  return {
    ...found,
    ...(inputs && {
      inputs: Object.fromEntries(
        Object.entries(inputs).map(([code, value]) => [code, isMoneyFigure(code) ? null : value]),
      ),
    }),
    ...(reasons && {
      reasons: reasons.map((each) =>
        each.kind === 'route' && isMoneyRoute(each.code) ? { ...each, actual: null, gap: null } : each,
      ),
    }),
    ...(progress && {
      progress: progress.map((each) =>
        isMoneyRoute(each.route) ? { ...each, actual: null, toKeep: undefined, toRise: undefined } : each,
      ),
    }),
    ...(gates && {
      gates: gates.map((each) => (isMoneyGate(each.code) ? { ...each, checks: each.checks.map(withoutValue) } : each)),
    }),
  };
}

const withoutValue = (check: TraceNode): TraceNode => ({ ...check, actual: null, gap: null });
