import { EXPIRY_POLICIES, type ExpiryPolicy } from './expiry-policy.js';

/** The levels (客户级别) that have a factor. */
export type Tier = 'DIAMOND' | 'PLATINUM' | 'GOLD' | 'SILVER' | 'HONOURED_GUEST' | 'ORDINARY';

export const ROUNDINGS = ['CEIL', 'FLOOR'] as const;
export type Rounding = (typeof ROUNDINGS)[number];

/** How bills earn points while it is in force (PTS-02, PTS-03): versioned data, never edited. */
export interface EarnRuleSet {
  readonly version: number;
  /** First billing month (its first day) that it decides. */
  readonly effectiveFrom: string;
  /** First billing month that it no longer decides, or `infinity`. */
  readonly effectiveTo: string;
  readonly rules: EarnRules;
}

export interface EarnRules {
  /** Spending of so many fen is one point before the tier's factor. */
  readonly fenPerPoint: number;
  /** What happens to a fraction of a point, after the factor. */
  readonly rounding: Rounding;
  /** A factor on the whole, not an addition: 150 makes 1.5 points of one. */
  readonly factorPercent: Readonly<Record<Tier, number>>;
  readonly expiry: ExpiryPolicy;
  /** Points may be redeemed once more than this many have been earned in the programme (PTS-12). */
  readonly joinAbove: number;
}

/**
 * The points that a bill's spending earns.
 * @param netSpendInFen payable without what was collected for others and without gifts; when negative, it earns nothing
 * @returns whole points, never negative
 */
export function pointsForSpend(netSpendInFen: number, tier: Tier, rules: EarnRules): number {
  if (netSpendInFen <= 0) return 0;
  // In hundredths of fen, so that no fraction is ever written down.
  const spend = netSpendInFen * rules.factorPercent[tier];
  const onePoint = rules.fenPerPoint * 100;
  const whole = Math.floor(spend / onePoint);
  return rules.rounding === 'CEIL' && spend % onePoint > 0 ? whole + 1 : whole;
}

export class InvalidEarnRules extends Error {
  constructor(readonly field: string) {
    super(`An earn rule set has no valid ${field}`);
    this.name = 'InvalidEarnRules';
  }
}

/**
 * Reads the rules as they are stored.
 * @throws InvalidEarnRules naming the first field that is not right
 */
export function parseEarnRules(stored: unknown): EarnRules {
  const rules = objectAt(stored, 'rules');
  const factors = objectAt(rules['factorPercent'], 'factorPercent');
  const factorOf = (tier: Tier) => integerAt(factors[tier], `factorPercent.${tier}`, 0);
  return {
    fenPerPoint: integerAt(rules['fenPerPoint'], 'fenPerPoint', 1),
    rounding: oneOf(ROUNDINGS, rules['rounding'], 'rounding'),
    factorPercent: {
      DIAMOND: factorOf('DIAMOND'),
      PLATINUM: factorOf('PLATINUM'),
      GOLD: factorOf('GOLD'),
      SILVER: factorOf('SILVER'),
      HONOURED_GUEST: factorOf('HONOURED_GUEST'),
      ORDINARY: factorOf('ORDINARY'),
    },
    expiry: oneOf(EXPIRY_POLICIES, rules['expiry'], 'expiry'),
    joinAbove: integerAt(rules['joinAbove'], 'joinAbove', 0),
  };
}

function objectAt(value: unknown, field: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw new InvalidEarnRules(field);
  return { ...value };
}

function integerAt(value: unknown, field: string, min: number): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < min) throw new InvalidEarnRules(field);
  return value;
}

function oneOf<T extends string>(allowed: readonly T[], value: unknown, field: string): T {
  const found = allowed.find((each) => each === value);
  if (!found) throw new InvalidEarnRules(field);
  return found;
}
