import { NoRuleSetInEffect } from './refusals.js';
import {
  DaysWithoutRuleSet,
  NoRuleSetBefore,
  PreviewRefused,
  RuleSetChanged,
  RuleSetDecidesNothing,
  RuleSetFromThePast,
  RuleSetNotInStatus,
  RuleSetOutsideItsDays,
  RuleSetsOverlap,
  type Days,
} from './refusals-of-rule-sets.js';
import type { RuleSet, RuleSetStatus } from './rule-set.js';

/**
 * draft → simulated (a preview has shown whom it would move) → approved (by somebody who has not written it) → active (decides somewhere,
 * from some day on) → retired (withdrawn, superseded or rolled back). Approved and later it is never changed, and nothing is deleted.
 */
export const changeable: readonly RuleSetStatus[] = ['draft', 'simulated'];

export type EndOfPeriod = 'superseded' | 'regions-changed' | 'everywhere' | 'rolled-back';

/** On these days a version decides; about everybody, or about the customers of some provinces. */
export interface Period extends Days {
  readonly periodId: string;
  readonly version: string;
  /** null: everywhere. */
  readonly regions: readonly string[] | null;
  readonly endReason: EndOfPeriod | null;
}

export type NewPeriod = Pick<Period, 'version' | 'regions' | 'from' | 'until'>;

/** Periods that end earlier than they were meant to, and what begins instead. */
export interface Turn {
  readonly ends: readonly { readonly periodId: string; readonly until: string; readonly endReason: EndOfPeriod }[];
  readonly begins?: NewPeriod;
  /** A period that was ended goes on. */
  readonly resumes?: { readonly periodId: string; readonly version: string; readonly until: string };
}

export interface Preview {
  readonly kind: string;
  readonly status: string;
  readonly ruleVersion: string | undefined;
  readonly ruleSetChecksum: unknown;
  readonly finishedAt: Date | undefined;
}

export const PREVIEW = 'tiering.preview';
export const PREVIEW_DAYS = 30;
const DAY_MS = 86_400_000;

interface Approving {
  readonly ruleSet: RuleSet;
  /** What the approver has read. */
  readonly checksum: string;
  /** undefined: there is no such run. */
  readonly preview: Preview | undefined;
  readonly now: Date;
}

/**
 * Approval is bound to the rules as they are and to a preview of just these rules.
 * @throws RuleSetNotInStatus, RuleSetChanged, PreviewRefused
 */
export function requireApprovable({ ruleSet, checksum, preview, now }: Approving): void {
  if (ruleSet.status !== 'simulated') throw new RuleSetNotInStatus(ruleSet.status, ['simulated']);
  if (checksum !== ruleSet.checksum) throw new RuleSetChanged(ruleSet.checksum);
  if (preview?.kind !== PREVIEW || preview.ruleVersion !== ruleSet.version) {
    throw new PreviewRefused('a preview of this rule set');
  }
  if (preview.status !== 'completed' || !preview.finishedAt) throw new PreviewRefused('a preview that is completed');
  if (preview.ruleSetChecksum !== checksum) throw new PreviewRefused('a preview of the rules as they are');
  if (now.getTime() - preview.finishedAt.getTime() > PREVIEW_DAYS * DAY_MS) {
    throw new PreviewRefused(`a preview of the last ${PREVIEW_DAYS} days`);
  }
}

interface Activating {
  readonly ruleSet: Pick<RuleSet, 'version' | 'status' | 'effectiveFrom' | 'effectiveUntil'>;
  /** All of its programme. */
  readonly periods: readonly Period[];
  /** Default: today, or the first day it is meant for. */
  readonly effectiveFrom?: string | undefined;
  /** A trial there (灰度); without them everywhere. */
  readonly regions?: readonly string[] | undefined;
  readonly today: string;
}

/**
 * What has to happen to the periods so that a version decides. undefined: it does so already.
 * @throws RuleSetNotInStatus, RuleSetFromThePast, RuleSetOutsideItsDays, RuleSetsOverlap, DaysWithoutRuleSet, NoRuleSetInEffect
 */
export function activation({ ruleSet, periods, effectiveFrom, regions, today }: Activating): Turn | undefined {
  const { version, status } = ruleSet;
  const meant: Days = { from: ruleSet.effectiveFrom, until: ruleSet.effectiveUntil };
  const filled = periods.filter(isFilled);
  const own = filled.filter((each) => each.version === version && each.until > today);
  const everywhere = own.find(isEverywhere);
  const trial = own.find((each) => !isEverywhere(each));
  const asked = regions && [...new Set(regions)].sort();
  const running = asked ? trial : everywhere;
  const isSame = running && String(running.regions ?? '') === String(asked ?? '');
  if (isSame && (effectiveFrom === undefined || effectiveFrom === running.from)) return undefined;
  if (everywhere || (status !== 'approved' && !trial)) throw new RuleSetNotInStatus(status, ['approved']);

  const from = effectiveFrom ?? later(today, meant.from);
  if (from < today) throw new RuleSetFromThePast(today);
  if (from < meant.from || from >= meant.until) throw new RuleSetOutsideItsDays(version, from, meant);
  const days: Days = { from, until: meant.until };
  const others = filled.filter((each) => each !== trial && isEverywhere(each) === !asked);
  refuseOverlap(days, others, { earlierGivesWay: !asked });
  const begins: NewPeriod = { version, regions: asked ?? null, ...days };
  const endOfTrial = (endReason: EndOfPeriod): Turn['ends'] =>
    trial ? [{ periodId: trial.periodId, until: later(trial.from, earlier(trial.until, from)), endReason }] : [];
  if (asked) {
    if (!filled.some((each) => isEverywhere(each) && isIn(each, from))) throw new NoRuleSetInEffect(from);
    return { ends: endOfTrial('regions-changed'), begins };
  }
  refuseGap(days, others, today);
  const current = others.filter((each) => isIn(each, from));
  return {
    ends: [
      ...current.map(({ periodId }) => ({ periodId, until: from, endReason: 'superseded' as const })),
      ...endOfTrial('everywhere'),
    ],
    begins,
  };
}

interface RollingBack {
  readonly version: string;
  readonly periods: readonly Period[];
  /** Which days a version is meant for. */
  readonly meant: (version: string) => Days;
  readonly today: string;
}

/**
 * A version no longer decides, from today on or before it has begun: the last one before it that was not rolled back itself decides
 * again, as long as it is meant to. A trial ends, and what decides everywhere decides there too.
 * @throws RuleSetDecidesNothing, NoRuleSetBefore, RuleSetOutsideItsDays
 */
export function rollBack({ version, periods, meant, today }: RollingBack): Turn {
  const filled = periods.filter(isFilled);
  const own = filled.filter((each) => each.version === version && each.until > today);
  if (own.length === 0) throw new RuleSetDecidesNothing(version);
  const ends = own.map(({ periodId, from }) => ({
    periodId,
    until: later(from, today),
    endReason: 'rolled-back' as const,
  }));
  const everywhere = own.find(isEverywhere);
  if (!everywhere) return { ends };

  const from = later(everywhere.from, today);
  const wasRolledBack = new Set(periods.flatMap((each) => (each.endReason === 'rolled-back' ? [each.version] : [])));
  const [before] = filled
    .filter((each) => isEverywhere(each) && each.until <= from && each.version !== version)
    .filter((each) => !wasRolledBack.has(each.version))
    .sort((a, b) => (a.until < b.until ? 1 : -1));
  if (!before) throw new NoRuleSetBefore(version);
  const days = meant(before.version);
  if (from >= days.until) throw new RuleSetOutsideItsDays(before.version, from, days);
  const until = earlier(everywhere.until, days.until);
  return before.until === from
    ? { ends, resumes: { periodId: before.periodId, version: before.version, until } }
    : { ends, begins: { version: before.version, regions: null, from, until } };
}

/** What decides everywhere gives way to what begins later; a trial to nothing. */
function refuseOverlap(
  { from, until }: Days,
  others: readonly Period[],
  { earlierGivesWay }: { readonly earlierGivesWay: boolean },
): void {
  const inTheWay = others
    .filter((each) => each.from < until && each.until > from)
    .find((each) => !earlierGivesWay || each.from >= from);
  if (inTheWay) throw new RuleSetsOverlap(inTheWay.version, inTheWay);
}

/** Days from today on that would be left between what decides before, the new period, and what is to decide after it. */
function refuseGap({ from, until }: Days, others: readonly Period[], today: string): void {
  const current = others.find((each) => isIn(each, from));
  const before = others.filter((each) => each.until <= from).map((each) => each.until);
  if (!current && before.length > 0) {
    const left = later(before.reduce(later), today);
    if (left < from) throw new DaysWithoutRuleSet({ from: left, until: from });
  }
  const after = others.filter((each) => each.from >= until).map((each) => each.from);
  const next = current && current.until > until ? current.until : after.length > 0 ? after.reduce(earlier) : until;
  if (until < next) throw new DaysWithoutRuleSet({ from: until, until: next });
}

const isFilled = ({ from, until }: Days): boolean => from < until;
const isEverywhere = ({ regions }: Pick<Period, 'regions'>): boolean => regions === null;
const isIn = ({ from, until }: Days, day: string): boolean => from <= day && day < until;
const later = (a: string, b: string): string => (a > b ? a : b);
const earlier = (a: string, b: string): string => (a < b ? a : b);
