import {
  compileExpression,
  compilePredicate,
  type Calculation,
  type Facts,
  type MeasuredFacts,
  type Predicate,
} from '../../../platform/rules/index.js';
import { tierMetrics } from './metrics.js';
import { move, type Move, type Standing } from './movement.js';
import {
  rankOn,
  thresholdsIn,
  type Gate,
  type Route,
  type RuleSetBody,
  type Rules,
  type Threshold,
} from './rule-set.js';

/** What is decided for one customer, and everything that it was decided from (TIER-16). */
export interface Decision extends Move {
  readonly from: string;
  /** What the facts and an exception give, whether or not it is given now. */
  readonly earned: string;
  /** The figures of the rule set by code; null where the facts are missing. */
  readonly inputs: Readonly<Record<string, number | null>>;
  /** Requirements, exclusions, then every route, in the order of the rule set; the exception, if there is one, last. */
  readonly reasons: readonly Reason[];
}

/**
 * What a stored decision keeps beside its rules and day: decided from it again, it is the same. The first ones kept what they said
 * instead (`told`).
 */
export type DecidedFrom =
  | { readonly facts: MeasuredFacts; readonly standing: Standing; readonly told: null }
  | { readonly told: Pick<Decision, 'inputs' | 'reasons'> };

export type Reason = GateReason | RouteReason | OverrideReason;

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
  readonly tier: string;
  /** What `tier` asks of this customer; null for the lowest level. */
  readonly threshold: number | null;
  /** The level above on this route, its threshold and what is missing for it (还差…); null on top. */
  readonly nextTier: string | null;
  readonly nextThreshold: number | null;
  readonly gap: number | null;
}

/** An approved exception (特批), a candidate beside the routes; `exactly` outdoes them. */
export interface OverrideReason {
  readonly kind: 'override';
  readonly mode: 'at-least' | 'exactly';
  readonly tier: string;
}

/**
 * The level of a customer as of a business day. Facts must hold the months that the rules read; missing months are months without
 * spend. The same rules, facts, standing and day give the same decision, always.
 */
export function decide({ scale, body }: Rules, facts: Facts, standing: Standing, asOf: string): Decision {
  const rules = compiled(body);
  const lowest = scale[scale.length - 1] ?? '';
  const held = standing.tier ?? lowest;
  const region = body.provinces === undefined ? null : rules.region(facts);
  const gates = rules.gates.map(({ kind, code, test }) => ({ kind, code, holds: test(facts, asOf).holds }));
  const routes = rules.routes.map(({ route, measure }) => {
    const asked = thresholdsIn(body, route, region).map((each) => askedOf(each, { held, scale }));
    return routeReason({ code: route.code, asked, lowest }, measure(facts, asOf));
  });
  const { override } = standing;
  const isRated = gates.every(({ kind, holds }) => holds === (kind === 'requirement'));
  const highest = (levels: readonly string[]): string =>
    levels.reduce((best, each) => (rankOn(scale, each) > rankOn(scale, best) ? each : best), lowest);
  const byRules = isRated ? highest(routes.map(({ tier }) => tier)) : lowest;
  const earned =
    override?.mode === 'exactly' ? override.tier : highest([byRules, ...(override ? [override.tier] : [])]);
  const isExcluded = gates.some(({ kind, holds }) => kind === 'exclusion' && holds);
  return {
    from: held,
    earned,
    ...move({ scale, body }, standing, { earned, isExcluded, asOf }),
    inputs: Object.fromEntries(rules.inputs.map(({ code, value }) => [code, value(facts, asOf)])),
    reasons: [
      ...gates,
      ...routes,
      ...(override ? [{ kind: 'override' as const, mode: override.mode, tier: override.tier }] : []),
    ],
  };
}

/** Figures and reasons of a stored decision. */
export function tellOf(rules: Rules, stored: DecidedFrom, asOf: string): Pick<Decision, 'inputs' | 'reasons'> {
  const { inputs, reasons } = stored.told ?? decide(rules, stored.facts, stored.standing, asOf);
  return { inputs, reasons };
}

interface Asked {
  readonly tier: string;
  readonly amount: number;
}

/** Who holds a level, or a higher one, keeps it with less. */
function askedOf(
  { tier, atLeast, retainAtLeast = atLeast }: Threshold,
  { held, scale }: { readonly held: string; readonly scale: readonly string[] },
): Asked {
  return { tier, amount: rankOn(scale, tier) <= rankOn(scale, held) ? retainAtLeast : atLeast };
}

function routeReason(
  { code, asked, lowest }: { readonly code: string; readonly asked: readonly Asked[]; readonly lowest: string },
  actual: number | null,
): RouteReason {
  const reached = actual === null ? -1 : asked.findIndex(({ amount }) => actual >= amount);
  const [given, next] = reached >= 0 ? [asked[reached], asked[reached - 1]] : [undefined, asked[asked.length - 1]];
  return {
    kind: 'route',
    code,
    actual,
    tier: given?.tier ?? lowest,
    threshold: given?.amount ?? null,
    nextTier: next?.tier ?? null,
    nextThreshold: next?.amount ?? null,
    gap: next === undefined || actual === null ? null : next.amount - actual,
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
  readonly region: (facts: Facts) => string | null;
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
    region: ({ customer }) => {
      const region = customer['region'];
      if (region === undefined) throw new Error('the facts lack customer metric region');
      return region === null ? null : String(region);
    },
  };
  compiledSets.set(body, made);
  return made;
}
