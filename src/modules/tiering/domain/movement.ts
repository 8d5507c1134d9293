import { monthsLater } from './months.js';
import { freeMovement, rankOn, type RuleSetBody, type Rules } from './rule-set.js';

/**
 * `entered`: the first level above the lowest of a customer who was never rated. `warned`: the level will be lowered
 * (降级缓冲). `recovered`: an announced downgrade does not come.
 */
export type Outcome = 'entered' | 'upgraded' | 'downgraded' | 'retained' | 'warned' | 'recovered';

/** Why a level is kept although another one is earned. */
export type Hold = 'until-review' | 'grace' | 'cool-down';

/** How many of the levels held a run over everybody may lower by its guard. */
export function allowedDowngrades({ movement = freeMovement }: Pick<RuleSetBody, 'movement'>, held: number): number {
  const { percent, from } = movement.guard;
  return Math.max(Math.floor((held * percent) / 100), from - 1);
}

/** How a customer stands when a level is decided. Days 'YYYY-MM-DD'. */
export interface Standing {
  /** The level held; undefined when never rated. */
  readonly tier: string | undefined;
  /** Whether it is the first run over everybody of the level year (定级年度). */
  readonly isYearlyReview: boolean;
  /** An approved exception (特批) that holds on the day. */
  readonly override?: { readonly tier: string; readonly mode: 'at-least' | 'exactly' };
  /** Since when the newest exception has held, also when it has ended. */
  readonly manualSince?: string;
  /** An announced downgrade comes on this day. */
  readonly graceEndsOn?: string;
  /** Whoever has cheated (欺诈) gets what is earned, whatever the policy spares. */
  readonly isFraud?: boolean;
  /** The day on which the customer stands so, when a review of an earlier day is decided anew; default that day. */
  readonly on?: string;
}

export interface Move {
  /** The level from now on. */
  readonly tier: string;
  readonly outcome: Outcome;
  readonly heldBy?: Hold;
  /** Of `warned`: the level that comes, and the day. */
  readonly wouldBe?: string;
  readonly lowersOn?: string;
}

/** What becomes of the level held, by the movement policy, when another one is earned. */
export function move(
  { scale, body }: Rules,
  standing: Standing,
  { earned, isExcluded, asOf }: { readonly earned: string; readonly isExcluded: boolean; readonly asOf: string },
): Move {
  const policy = body.movement ?? freeMovement;
  const { override, graceEndsOn, manualSince, isYearlyReview, isFraud = false, on = asOf } = standing;
  const held = standing.tier ?? scale[scale.length - 1] ?? '';
  const kept = (heldBy?: Hold): Move => ({ tier: held, outcome: 'retained', ...(heldBy && { heldBy }) });
  const step = rankOn(scale, earned) - rankOn(scale, held);
  const mayRise = policy.upgrade === 'any-run' || isYearlyReview || override?.tier === earned;
  if (step > 0 && mayRise) return { tier: earned, outcome: standing.tier === undefined ? 'entered' : 'upgraded' };
  if (step >= 0 && graceEndsOn !== undefined) return { tier: held, outcome: 'recovered' };
  if (step >= 0) return kept(step > 0 ? 'until-review' : undefined);

  if (isExcluded || isFraud || override?.mode === 'exactly') return { tier: earned, outcome: 'downgraded' };
  if (manualSince !== undefined && on < monthsLater(manualSince, policy.coolDownMonths)) return kept('cool-down');
  const lower = policy.stepwise ? oneLevelDown({ scale, body }, held, earned) : earned;
  if (graceEndsOn !== undefined) return on < graceEndsOn ? kept('grace') : { tier: lower, outcome: 'downgraded' };
  if (policy.downgrade === 'review' && !isYearlyReview) return kept('until-review');
  if (policy.graceMonths === 0) return { tier: lower, outcome: 'downgraded' };
  return { tier: held, outcome: 'warned', wouldBe: lower, lowersOn: monthsLater(on, policy.graceMonths) };
}

function oneLevelDown({ scale, body }: Rules, held: string, earned: string): string {
  const rank = (tier: string): number => rankOn(scale, tier);
  const next = body.levels.find(({ tier }) => rank(tier) < rank(held))?.tier ?? earned;
  return rank(next) > rank(earned) ? next : earned;
}
