import type { Decision } from './decide.js';
import { rankOn, thresholdsIn, type RuleSetBody, type Rules, type Threshold } from './rule-set.js';

/** How far a customer is on one route towards the next review. */
export interface Progress {
  readonly route: string;
  /** So far; null when the facts are missing. */
  readonly actual: number | null;
  /** What keeps the level held (保级); undefined when the lowest is held or the route does not reach so high. */
  readonly toKeep: Goal | undefined;
  /** What gives a higher level (升级); undefined on top of the route. */
  readonly toRise: Goal | undefined;
}

export interface Goal {
  readonly tier: string;
  readonly threshold: number;
  /** What is missing (还差…), 0 when it is reached. */
  readonly gap: number;
}

/** @param coming the decision as of the next review, by the facts that are there already. */
export function progressOf(
  { scale, body }: Rules,
  coming: Pick<Decision, 'reasons'>,
  { tier: held, region }: { readonly tier: string; readonly region: string | null },
): readonly Progress[] {
  const rank = (tier: string): number => rankOn(scale, tier);
  return body.routes.map((route) => {
    const reason = coming.reasons.find((each) => each.kind === 'route' && each.code === route.code);
    const actual = reason?.kind === 'route' ? reason.actual : null;
    const thresholds = thresholdsIn(body, route, region);
    const goal = (
      isWanted: (rank: number) => boolean,
      amount: (of: Threshold) => number = ({ atLeast }) => atLeast,
    ): Goal | undefined => {
      const found = thresholds.findLast(({ tier }) => isWanted(rank(tier)));
      if (!found) return undefined;
      const threshold = amount(found);
      return { tier: found.tier, threshold, gap: Math.max(0, threshold - (actual ?? 0)) };
    };
    const isKept = (each: number): boolean => each >= rank(held);
    return {
      route: route.code,
      actual,
      toKeep:
        rank(held) === 0
          ? undefined
          : goal(isKept, ({ tier, atLeast, retainAtLeast = atLeast }) =>
              rank(tier) > rank(held) ? atLeast : retainAtLeast,
            ),
      toRise: goal((each) => each > rank(held)),
    };
  });
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
