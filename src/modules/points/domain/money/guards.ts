import { valueInFen } from '../ledger/points-value.js';

/**
 * RETURN: the return rate of 2 % (积分回报率, PTS-13). COST: the yearly cost of 2.3 % of Gotone revenue (年度总成本, PTS-14). They are two
 * guards with figures of their own (docs/points-money.md).
 */
export const GUARDS = ['RETURN', 'COST'] as const;
export type Guard = (typeof GUARDS)[number];

export interface GuardLimits {
  /** Basis points: 180 is 1.80 %. */
  readonly softBp: number;
  readonly hardBp: number;
}

/** A month of the points year: what was issued in it, and the revenue of the cycle that it was issued for. */
export interface GuardMonth {
  /** First day. */
  readonly month: string;
  readonly points: number;
  readonly revenueFen: number;
}

export type GuardLevel = 'NONE' | 'SOFT' | 'HARD';

export interface GuardReading {
  readonly points: number;
  readonly costFen: number;
  readonly revenueFen: number;
  /** Basis points, rounded down; `undefined` while there is no revenue. */
  readonly rateBp: number | undefined;
  /** To the end of the points year: the months that are left are each as the mean of the last three that are over. */
  readonly forecastBp: number | undefined;
  readonly level: GuardLevel;
}

const SHARE = 10_000;
const MONTHS_OF_A_YEAR = 12;
const MONTHS_TO_FORECAST_FROM = 3;

/** Basis points, in whole numbers of any size. */
const rateBp = (costFen: number, revenueFen: number): number | undefined =>
  revenueFen > 0 ? Number((BigInt(costFen) * BigInt(SHARE)) / BigInt(revenueFen)) : undefined;

/** Whether costs are at least this share of the revenue, exactly. */
const reaches = (costFen: number, revenueFen: number, limitBp: number): boolean =>
  revenueFen > 0 && BigInt(costFen) * BigInt(SHARE) >= BigInt(revenueFen) * BigInt(limitBp);

/**
 * Reads a guard. At the soft limit somebody is told; at the hard limit of RETURN nothing promotional is given any more.
 * @param months of the points year up to `asOf`, in their order; the month of `asOf` may not be over
 */
export function readGuard(months: readonly GuardMonth[], asOf: string, { softBp, hardBp }: GuardLimits): GuardReading {
  const sum = (of: readonly GuardMonth[], what: 'points' | 'revenueFen') =>
    of.reduce((total, each) => total + each[what], 0);
  const [points, revenueFen] = [sum(months, 'points'), sum(months, 'revenueFen')];
  const costFen = valueInFen(points);
  const over = months.filter(({ month }) => month.slice(0, 7) < asOf.slice(0, 7));
  const last = over.slice(-MONTHS_TO_FORECAST_FROM);
  const left = MONTHS_OF_A_YEAR - over.length;
  const whole = (what: 'points' | 'revenueFen') =>
    last.length === 0 ? 0 : sum(over, what) + Math.round((sum(last, what) * left) / last.length);
  return {
    points,
    costFen,
    revenueFen,
    rateBp: rateBp(costFen, revenueFen),
    forecastBp: rateBp(valueInFen(whole('points')), whole('revenueFen')),
    level: reaches(costFen, revenueFen, hardBp) ? 'HARD' : reaches(costFen, revenueFen, softBp) ? 'SOFT' : 'NONE',
  };
}
