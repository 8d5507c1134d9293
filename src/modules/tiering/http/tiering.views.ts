import { headOf } from '../../../platform/http/index.js';
import type { CustomerTier } from '../application/customer-tier.query.js';
import type { Decision, Reason } from '../domain/decide.js';
import type { Explanation } from '../domain/explain.js';
import { rankOn, type RuleSet, type RuleSetBody } from '../domain/rule-set.js';
import type { Goal, Progress } from '../domain/standing.js';
import { tellWhatIsMissing } from '../domain/tell-what-is-missing.js';
import type { TierShare } from '../tiering.facade.js';
import type {
  CustomerTierView,
  FigureView,
  LabelView,
  ReasonView,
  TierDistributionView,
  TierExplanationView,
  TierProgressView,
  ToldGoalView,
} from './tiering.dto.js';
import { customerTiers, distribution } from './tiering.resources.js';

export function customerTierView(found: CustomerTier): CustomerTierView {
  const { ruleSet, decision, progress } = found;
  return {
    ...headOf(customerTiers, found.customerId),
    tier: found.tier,
    tierName: tierName(ruleSet.body, found.tier),
    serviceRank: rankOn(ruleSet.scale, found.tier),
    validFrom: found.validFrom,
    validUntil: found.validUntil,
    nextReviewOn: found.nextReviewOn,
    kept: found.kept,
    grace: found.grace,
    exception: found.exception,
    ruleSetVersion: decision?.ruleSetVersion,
    decisionId: decision?.decisionId,
    decidedAt: decision?.decidedAt,
    inputs: figures(ruleSet.body, decision?.inputs ?? {}),
    reasons: (decision?.reasons ?? []).map(reasonView),
    progress: progress.map((each) => progressView(ruleSet.body, each)),
    projection: found.projection,
  };
}

function progressView(body: RuleSetBody, { route: code, actual, toKeep, toRise }: Progress): TierProgressView {
  const route = body.routes.find((each) => each.code === code);
  const told = (goal: Goal | undefined, isToKeep: boolean): ToldGoalView | undefined =>
    goal && route && { ...goal, message: tellWhatIsMissing(body, { route, goal, toKeep: isToKeep }) };
  return {
    route: code,
    label: route?.label ?? plain(code),
    unit: route?.unit ?? 'none',
    actual,
    toKeep: told(toKeep, true),
    toRise: told(toRise, false),
  };
}

export function explanationView(
  customerId: string,
  asOf: string,
  found: Explanation & { readonly ruleSet: RuleSet },
): TierExplanationView {
  return {
    id: customerId,
    href: `${headOf(customerTiers, customerId).href}/explanation?asOf=${asOf}`,
    '@type': 'TierExplanation',
    asOf,
    ruleSetVersion: found.ruleSet.version,
    from: found.from,
    tier: found.tier,
    outcome: found.outcome,
    inputs: figures(found.ruleSet.body, found.inputs),
    reasons: found.reasons.map(reasonView),
    gates: found.gates.map(({ kind, code, label, holds, checks }) => ({
      kind,
      code,
      label,
      holds,
      checks: checks.map((check) => ({
        subject: check.subject,
        op: check.op,
        actual: check.actual === null ? null : String(check.actual),
        threshold: check.threshold === null ? null : String(check.threshold),
        holds: check.holds,
        gap: check.gap,
      })),
    })),
  };
}

export function distributionView(shares: readonly TierShare[]): TierDistributionView {
  return {
    id: 'current',
    href: distribution.path,
    '@type': distribution.type,
    customers: shares.reduce((sum, { customers }) => sum + customers, 0),
    shares: shares.map(({ region, tier, customers }) => ({ region, tier, customers })),
  };
}

function figures(body: RuleSetBody, values: Decision['inputs']): FigureView[] {
  return Object.entries(values).map(([code, value]) => {
    const figure = body.inputs.find((each) => each.code === code);
    return { code, label: figure?.label ?? plain(code), unit: figure?.unit ?? 'none', value };
  });
}

function reasonView(reason: Reason): ReasonView {
  if (reason.kind === 'override') return { kind: reason.kind, mode: reason.mode, tier: reason.tier };
  if (reason.kind !== 'route') return { kind: reason.kind, code: reason.code, holds: reason.holds };
  const { kind, code, actual, tier, threshold, nextTier, nextThreshold, gap } = reason;
  return { kind, code, actual, tier, threshold, nextTier, nextThreshold, gap };
}

function tierName(body: RuleSetBody, tier: string): LabelView {
  return body.levels.find((level) => level.tier === tier)?.label ?? plain(tier);
}

/** A name that the rule set of today no longer has. */
function plain(code: string): LabelView {
  return { en: code, zh: code };
}
