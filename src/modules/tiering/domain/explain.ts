import { compilePredicate, type Facts, type TraceNode } from '../../../platform/rules/index.js';
import { decide, type Decision, type GateReason } from './decide.js';
import { tierMetrics } from './metrics.js';
import type { Standing } from './movement.js';
import type { Gate, Rules } from './rule-set.js';

export interface Explanation extends Decision {
  /** Every requirement and exclusion with the comparisons that it is made of. */
  readonly gates: readonly ExplainedGate[];
}

export interface ExplainedGate extends GateReason {
  readonly label: Gate['label'];
  readonly checks: readonly TraceNode[];
}

/** `decide`, with every comparison of its conditions: actual, threshold and gap (TIER-16). */
export function explain(rules: Rules, facts: Facts, standing: Standing, asOf: string): Explanation {
  const explained = (kind: GateReason['kind'], gates: readonly Gate[]): ExplainedGate[] =>
    gates.map(({ code, label, condition }) => {
      const { holds, trace } = compilePredicate(condition, tierMetrics)(facts, asOf);
      return { kind, code, label, holds, checks: trace };
    });
  const { requirements, exclusions } = rules.body;
  return {
    ...decide(rules, facts, standing, asOf),
    gates: [...explained('requirement', requirements), ...explained('exclusion', exclusions)],
  };
}
