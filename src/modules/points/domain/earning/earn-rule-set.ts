import { EXPIRY_POLICIES, type ExpiryPolicy } from '../expiry/expiry-policy.js';

/** The levels (客户级别) that have a factor. */
export type Tier = 'DIAMOND' | 'PLATINUM' | 'GOLD' | 'SILVER' | 'HONOURED_GUEST' | 'ORDINARY';

export const ROUNDINGS = ['CEIL', 'FLOOR'] as const;
export type Rounding = (typeof ROUNDINGS)[number];

export const FACTOR_MODES = ['FACTOR', 'ADDITION'] as const;
export type FactorMode = (typeof FACTOR_MODES)[number];

export const CREDIT_MOMENTS = ['BILLED', 'SETTLED'] as const;
export type CreditMoment = (typeof CREDIT_MOMENTS)[number];

/** Charges of a bill (账目) that a rule set may leave out of what earns. Discounts and gifts lower the bill as they are. */
export const CHARGES = [
  'monthlyFee',
  'voice',
  'sms',
  'data',
  'roaming',
  'valueAddedService',
  'collectedForOthers',
  'adjustment',
] as const;
export type Charge = (typeof CHARGES)[number];

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
  /** 150 makes 1.5 points of one, or 2.5 when {@link factorMode} says that it is added. */
  readonly factorPercent: Readonly<Record<Tier, number>>;
  readonly expiry: ExpiryPolicy;
  /** Days between the last day of points and their clearing, in which nobody can use them any more (宽限期). Default: none. */
  readonly expiryGraceDays?: number;
  /** Points may be redeemed once more than this many have been earned in the programme (PTS-12). */
  readonly joinAbove: number;
  /** Other thresholds by province code. */
  readonly joinAboveByRegion?: Readonly<Record<string, number>>;
  /** Charges that earn nothing as spending, all of them named. Default: what is collected for others. */
  readonly excludedCharges?: readonly Charge[];
  /** By star (星级); a star that is not named counts as `NO_STAR`. */
  readonly starFactorPercent?: Readonly<Record<string, number>>;
  /** By brand, on top of the level's factor; a brand that is not named has none. */
  readonly brandBonusPercent?: Readonly<Record<string, number>>;
  /**
   * FACTOR, the default: (level + brand) × star. ADDITION: each is added to the point itself, 100 + level + star + brand. Sources read
   * "a point gets 1.5" in both ways (DOMAIN §2.2).
   */
  readonly factorMode?: FactorMode;
  /** Points for time in the network (在网时间积分, PTS-04), by ascending months. Months below the first step earn none. */
  readonly tenure?: readonly TenureStep[];
  /** Points of a month by credit grade (信用积分, PTS-05); a grade that is not named has none. */
  readonly credit?: Readonly<Record<string, number>>;
  /** Points for data charges (数据业务积分, PTS-06), at a rate of their own and beside what they earn as spending. */
  readonly data?: { readonly fenPerPoint: number };
  /** Default BILLED. SETTLED: points wait until their bill is paid. */
  readonly creditWhen?: CreditMoment;
}

/** From so many full months on: a percentage of the spending's plain points, or so many points. */
export type TenureStep =
  { readonly fromMonths: number; readonly percent: number } | { readonly fromMonths: number; readonly points: number };

/**
 * The points that a bill's spending earns by its level alone.
 * @param netSpendInFen payable without what was collected for others and without gifts; when negative, it earns nothing
 * @returns whole points, never negative
 */
export function pointsForSpend(netSpendInFen: number, tier: Tier, rules: EarnRules): number {
  return pointsOf(netSpendInFen, percentOf({ tier }, rules), rules.fenPerPoint, rules.rounding);
}

/** What a point of spending becomes, in hundredths of a percent. */
export function percentOf(
  {
    tier,
    star,
    brand,
  }: { readonly tier: Tier; readonly star?: string | undefined; readonly brand?: string | undefined },
  { factorPercent, starFactorPercent: stars, brandBonusPercent = {}, factorMode = 'FACTOR' }: EarnRules,
): number {
  const bonus = namedIn(brandBonusPercent, brand) ?? 0;
  const ofStar = stars && (namedIn(stars, star) ?? stars['NO_STAR'] ?? 0);
  return factorMode === 'FACTOR'
    ? (factorPercent[tier] + bonus) * (ofStar ?? 100)
    : (100 + factorPercent[tier] + bonus + (ofStar ?? 0)) * 100;
}

/**
 * Points for an amount at a rate, rounded once at the end.
 * @param hundredths of a percent of the plain points
 */
export function pointsOf(fen: number, hundredths: number, fenPerPoint: number, rounding: Rounding): number {
  if (fen <= 0) return 0;
  // Beyond 2^53 for large bills; no fraction is ever written down.
  const [worth, onePoint] = [BigInt(fen) * BigInt(hundredths), BigInt(fenPerPoint) * 10_000n];
  const whole = worth / onePoint;
  return Number(rounding === 'CEIL' && worth % onePoint > 0n ? whole + 1n : whole);
}

/** The threshold above which points may be spent, where the customer is at home. */
export function joinAboveIn(region: string | undefined, { joinAbove, joinAboveByRegion = {} }: EarnRules): number {
  return namedIn(joinAboveByRegion, region) ?? joinAbove;
}

/** What a table of a rule set says of a name. */
export const namedIn = (table: Readonly<Record<string, number>>, name: string | undefined): number | undefined =>
  name !== undefined && Object.hasOwn(table, name) ? table[name] : undefined;

export class InvalidEarnRules extends Error {
  constructor(readonly field: string) {
    super(`An earn rule set has no valid ${field}`);
    this.name = 'InvalidEarnRules';
  }
}

/** A percentage that is none by any reading: it guards against a slip, and what is multiplied stays within 64 bits. */
const MOST_PERCENT = 10_000;
const MOST_GRACE_DAYS = 366;

/**
 * Reads the rules as they are stored.
 * @throws InvalidEarnRules naming the first field that is not right
 */
export function parseEarnRules(stored: unknown): EarnRules {
  const rules = objectAt(stored, 'rules');
  const factors = objectAt(rules['factorPercent'], 'factorPercent');
  const factorOf = (tier: Tier) => integerAt(factors[tier], `factorPercent.${tier}`, 0);
  const optional = <T>(field: keyof EarnRules, read: (value: unknown, field: string) => T): { [name: string]: T } =>
    rules[field] === undefined ? {} : { [field]: read(rules[field], field) };
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
    ...optional('expiryGraceDays', (value, field) => integerAt(value, field, 0, MOST_GRACE_DAYS)),
    ...optional('joinAboveByRegion', integersAt),
    ...optional('excludedCharges', chargesAt),
    ...optional('starFactorPercent', starsAt),
    ...optional('brandBonusPercent', percentagesAt),
    ...optional('factorMode', (value, field) => oneOf(FACTOR_MODES, value, field)),
    ...optional('tenure', tenureAt),
    ...optional('credit', integersAt),
    ...optional('data', (value, field) => ({
      fenPerPoint: integerAt(objectAt(value, field)['fenPerPoint'], `${field}.fenPerPoint`, 1),
    })),
    ...optional('creditWhen', (value, field) => oneOf(CREDIT_MOMENTS, value, field)),
  };
}

function chargesAt(value: unknown, field: string): readonly Charge[] {
  const charges = listAt(value, field).map((each) => oneOf(CHARGES, each, field));
  if (new Set(charges).size !== charges.length) throw new InvalidEarnRules(field);
  return charges;
}

function starsAt(value: unknown, field: string): Readonly<Record<string, number>> {
  const stars = percentagesAt(value, field);
  if (stars['NO_STAR'] === undefined) throw new InvalidEarnRules(`${field}.NO_STAR`);
  return stars;
}

function tenureAt(value: unknown, field: string): readonly TenureStep[] {
  const steps = listAt(value, field).map((each, i): TenureStep => {
    const at = `${field}.${i}`;
    const step = objectAt(each, at);
    const fromMonths = integerAt(step['fromMonths'], `${at}.fromMonths`, 0);
    if ((step['percent'] === undefined) === (step['points'] === undefined)) throw new InvalidEarnRules(at);
    return step['points'] === undefined
      ? { fromMonths, percent: integerAt(step['percent'], `${at}.percent`, 0, MOST_PERCENT) }
      : { fromMonths, points: integerAt(step['points'], `${at}.points`, 0) };
  });
  const isAscending = steps.every(({ fromMonths }, i) => i === 0 || fromMonths > (steps[i - 1]?.fromMonths ?? 0));
  if (steps.length === 0 || !isAscending) throw new InvalidEarnRules(field);
  return steps;
}

const percentagesAt = (value: unknown, field: string): Readonly<Record<string, number>> =>
  integersAt(value, field, MOST_PERCENT);

function integersAt(value: unknown, field: string, max?: number): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(objectAt(value, field)).map(([name, each]) => [name, integerAt(each, `${field}.${name}`, 0, max)]),
  );
}

function listAt(value: unknown, field: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new InvalidEarnRules(field);
  return value as readonly unknown[];
}

function objectAt(value: unknown, field: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new InvalidEarnRules(field);
  return { ...value };
}

function integerAt(value: unknown, field: string, min: number, max = Number.MAX_SAFE_INTEGER): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < min || value > max) {
    throw new InvalidEarnRules(field);
  }
  return value;
}

function oneOf<T extends string>(allowed: readonly T[], value: unknown, field: string): T {
  const found = allowed.find((each) => each === value);
  if (!found) throw new InvalidEarnRules(field);
  return found;
}
