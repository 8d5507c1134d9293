import { compilePredicate, type CustomerFacts, type TraceNode } from '../../../platform/rules/index.js';
import { decide, type Decision, type GateReason } from './decide.js';
import { tierMetrics } from './metrics.js';
import type { Gate, RuleSetBody } from './rule-set.js';
import type { Tier } from './tier.js';

export interface Explanation extends Decision {
  /** Every requirement and exclusion with the comparisons that it is made of. */
  readonly gates: readonly ExplainedGate[];
}

export interface ExplainedGate extends GateReason {
  readonly label: Gate['label'];
  readonly checks: readonly TraceNode[];
}

/** {@link decide}, with every comparison of its conditions: actual, threshold and gap (TIER-16). */
export function explain(
  body: RuleSetBody,
  facts: CustomerFacts,
  { current, asOf }: { readonly current: Tier | undefined; readonly asOf: string },
): Explanation {
  const explained = (kind: GateReason['kind'], gates: readonly Gate[]): ExplainedGate[] =>
    gates.map(({ code, label, condition }) => {
      const { holds, trace } = compilePredicate(condition, tierMetrics)(facts, asOf);
      return { kind, code, label, holds, checks: trace };
    });
  return {
    ...decide(body, facts, current, asOf),
    gates: [...explained('requirement', body.requirements), ...explained('exclusion', body.exclusions)],
  };
}
