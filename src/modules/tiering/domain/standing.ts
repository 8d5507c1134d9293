import { serviceRank, type Tier } from './tier.js';
import type { Decision } from './decide.js';
import type { Route, RuleSetBody } from './rule-set.js';

/** How far a customer is on one route towards the next review. */
export interface Progress {
  readonly route: string;
  /** So far; null when the facts are missing. */
  readonly actual: number | null;
  /** What keeps the level held (保级); undefined when ORDINARY is held or the route does not reach so high. */
  readonly toKeep: Goal | undefined;
  /** What gives a higher level (升级); undefined on top of the route. */
  readonly toRise: Goal | undefined;
}

export interface Goal {
  readonly tier: Tier;
  readonly threshold: number;
  /** What is missing (还差…), 0 when it is reached. */
  readonly gap: number;
}

/** @param coming the decision as of the next review, by the facts that are there already. */
export function progressOf(body: RuleSetBody, coming: Decision, held: Tier): readonly Progress[] {
  return body.routes.map((route) => {
    const reason = coming.reasons.find((each) => each.kind === 'route' && each.code === route.code);
    const actual = reason?.kind === 'route' ? reason.actual : null;
    return {
      route: route.code,
      actual,
      toKeep: held === 'ORDINARY' ? undefined : goal(route, actual, (rank) => rank >= serviceRank(held)),
      toRise: goal(route, actual, (rank) => rank > serviceRank(held)),
    };
  });
}

/** The lowest level on the route whose rank is wanted. */
function goal(route: Route, actual: number | null, isWanted: (rank: number) => boolean): Goal | undefined {
  const found = route.thresholds.findLast(({ tier }) => isWanted(serviceRank(tier)));
  return found && { tier: found.tier, threshold: found.atLeast, gap: Math.max(0, found.atLeast - (actual ?? 0)) };
}

/** The first review after the day; levels are kept until its eve. All days 'YYYY-MM-DD'. */
export function nextReviewAfter({ month, day }: RuleSetBody['review'], date: string): string {
  const year = Number(date.slice(0, 4));
  const monthAndDay = `${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
  const thisYear = `${year}-${monthAndDay}`;
  return thisYear > date ? thisYear : `${year + 1}-${monthAndDay}`;
}

export function dayBefore(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}

/** The level year (定级年度) of a day: `from <= day < until`. All days 'YYYY-MM-DD'. */
export function levelYearOf(
  review: RuleSetBody['review'],
  day: string,
): { readonly from: string; readonly until: string } {
  const until = nextReviewAfter(review, day);
  return { from: `${Number(until.slice(0, 4)) - 1}${until.slice(4)}`, until };
}
