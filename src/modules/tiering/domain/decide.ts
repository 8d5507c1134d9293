import {
  compileExpression,
  compilePredicate,
  type Calculation,
  type CustomerFacts,
  type Predicate,
} from '../../../platform/rules/index.js';
import { tierMetrics } from './metrics.js';
import type { Gate, Route, RuleSetBody } from './rule-set.js';
import { serviceRank, type Tier } from './tier.js';

/** `entered`: the first level above ORDINARY of a customer who was never rated. */
export type Outcome = 'entered' | 'upgraded' | 'downgraded' | 'retained';

/** What is decided for one customer, and everything that it was decided from (TIER-16). */
export interface Decision {
  readonly from: Tier;
  readonly tier: Tier;
  readonly outcome: Outcome;
  /** The figures of the rule set by code; null where the facts are missing. */
  readonly inputs: Readonly<Record<string, number | null>>;
  /** Requirements, exclusions, then every route, in the order of the rule set. */
  readonly reasons: readonly Reason[];
}

export type Reason = GateReason | RouteReason;

export interface GateReason {
  readonly kind: 'requirement' | 'exclusion';
  readonly code: string;
  /** A requirement must hold, an exclusion must not. */
  readonly holds: boolean;
}

/** What one route gives by itself, whether or not another gives more. */
export interface RouteReason {
  readonly kind: 'route';
  readonly code: string;
  /** null when the facts are missing. */
  readonly actual: number | null;
  readonly tier: Tier;
  /** What `tier` asks for; null for ORDINARY. */
  readonly threshold: number | null;
  /** The level above on this route, its threshold and what is missing for it (还差…); null on top. */
  readonly nextTier: Tier | null;
  readonly nextThreshold: number | null;
  readonly gap: number | null;
}

/**
 * The level of a customer as of a business day. `current` is the level held now, undefined when never rated. Facts must
 * hold the months that the rules read; missing months are months without spend.
 */
export function decide(body: RuleSetBody, facts: CustomerFacts, current: Tier | undefined, asOf: string): Decision {
  const rules = compiled(body);
  const reasons: Reason[] = [
    ...rules.gates.map(({ kind, code, test }) => ({ kind, code, holds: test(facts, asOf).holds })),
    ...rules.routes.map(({ route, measure }) => routeReason(route, measure(facts, asOf))),
  ];
  const tier = tierGivenBy(reasons);
  return {
    from: current ?? 'ORDINARY',
    tier,
    outcome: outcomeOf(current, tier),
    inputs: Object.fromEntries(rules.inputs.map(({ code, value }) => [code, value(facts, asOf)])),
    reasons,
  };
}

export function outcomeOf(current: Tier | undefined, tier: Tier): Outcome {
  const step = serviceRank(tier) - serviceRank(current ?? 'ORDINARY');
  if (step === 0) return 'retained';
  if (step < 0) return 'downgraded';
  return current === undefined ? 'entered' : 'upgraded';
}

/** Highest wins, but only for those who may be rated at all. */
function tierGivenBy(reasons: readonly Reason[]): Tier {
  const isRated = reasons.every((each) => each.kind === 'route' || each.holds === (each.kind === 'requirement'));
  const candidates = reasons.flatMap((each) => (each.kind === 'route' && isRated ? [each.tier] : []));
  return candidates.reduce((best, each) => (serviceRank(each) > serviceRank(best) ? each : best), 'ORDINARY');
}

function routeReason({ code, thresholds }: Route, actual: number | null): RouteReason {
  const reached = actual === null ? -1 : thresholds.findIndex(({ atLeast }) => actual >= atLeast);
  const [threshold, next] =
    reached >= 0 ? [thresholds[reached], thresholds[reached - 1]] : [undefined, thresholds[thresholds.length - 1]];
  return {
    kind: 'route',
    code,
    actual,
    tier: threshold?.tier ?? 'ORDINARY',
    threshold: threshold?.atLeast ?? null,
    nextTier: next?.tier ?? null,
    nextThreshold: next?.atLeast ?? null,
    gap: next === undefined || actual === null ? null : next.atLeast - actual,
  };
}

interface CompiledGate {
  readonly kind: GateReason['kind'];
  readonly code: string;
  readonly test: Predicate;
}

interface CompiledRuleSet {
  readonly inputs: readonly { readonly code: string; readonly value: Calculation }[];
  readonly gates: readonly CompiledGate[];
  readonly routes: readonly { readonly route: Route; readonly measure: Calculation }[];
}

const compiledSets = new WeakMap<RuleSetBody, CompiledRuleSet>();

function compiled(body: RuleSetBody): CompiledRuleSet {
  const known = compiledSets.get(body);
  if (known !== undefined) return known;
  const gates = (kind: GateReason['kind'], of: readonly Gate[]): CompiledGate[] =>
    of.map(({ code, condition }) => ({ kind, code, test: compilePredicate(condition, tierMetrics) }));
  const made: CompiledRuleSet = {
    inputs: body.inputs.map(({ code, value }) => ({ code, value: compileExpression(value, tierMetrics) })),
    gates: [...gates('requirement', body.requirements), ...gates('exclusion', body.exclusions)],
    routes: body.routes.map((route) => ({ route, measure: compileExpression(route.measure, tierMetrics) })),
  };
  compiledSets.set(body, made);
  return made;
}
