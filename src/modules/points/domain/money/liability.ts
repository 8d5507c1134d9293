import type { AccountCode } from '../ledger/ledger.js';
import { FEN_PER_POINT } from '../ledger/points-value.js';

/** In the hands of customers, usable now or not. */
const HELD_BY_CUSTOMERS = ['CUST_AVAILABLE', 'CUST_HELD', 'CUST_PENDING'] as const;
type HeldCode = (typeof HELD_BY_CUSTOMERS)[number];
export type HouseCode = Exclude<AccountCode, HeldCode | 'CUST_DEBT'>;

/** Why points came or went, as the roll-forward names it. */
export type Movement = 'issued' | 'adjusted' | 'redeemed' | 'expired' | 'transferred' | 'forfeited';

/** Every code of the house, so that none is left out of a balance. */
export const MOVEMENTS: Readonly<Record<HouseCode, Movement>> = {
  ISSUED: 'issued',
  ADJUSTED: 'adjusted',
  REDEEMED_SERVICE: 'redeemed',
  REDEEMED_MOBILE_PRODUCT: 'redeemed',
  REDEEMED_GOODS: 'redeemed',
  REDEEMED_PAYMENT: 'redeemed',
  REDEEMED_AUCTION: 'redeemed',
  POS_CLEARING: 'redeemed',
  AUCTION_CLEARING: 'redeemed',
  ORDER_CLEARING: 'redeemed',
  PARTNER_PAYABLE: 'redeemed',
  MERCHANT_DISCOUNT: 'redeemed',
  BREAKAGE: 'expired',
  IN_TRANSIT: 'transferred',
  CLOSED_FORFEIT: 'forfeited',
};

export const HOUSE_CODES = Object.keys(MOVEMENTS) as readonly HouseCode[];

/** Points that moved from one account to another, before a period and within it. */
export interface Moved {
  readonly debit: AccountCode;
  readonly credit: AccountCode;
  readonly pointsType: string;
  readonly funderId: string;
  readonly before: number;
  readonly within: number;
}

/**
 * One line of the liability roll-forward: `opening + issued − redeemed − expired + adjusted + transferred − forfeited + settled = closing`,
 * in points. `settled`: points of a class that repaid a debt; the line of the debts has the opposite.
 */
export interface RollForward extends Readonly<Record<Movement, number>> {
  /** Class of the points; `DEBT` is what customers owe, as a negative liability. */
  readonly pointsType: string;
  readonly funderId: string;
  readonly opening: number;
  readonly settled: number;
  readonly closing: number;
}

const DEBTS = { pointsType: 'DEBT', funderId: 'NONE' } as const;

const isHeld = (code: AccountCode): code is HeldCode => HELD_BY_CUSTOMERS.some((held) => held === code);

/** What one movement does to the lines: of the lot's class, and of the debts. */
function effectsOf({ debit, credit, pointsType, funderId }: Moved) {
  const lines: { line: { pointsType: string; funderId: string }; sign: 1 | -1; column: Movement | 'settled' }[] = [];
  for (const [code, other, sign] of [
    [credit, debit, 1],
    [debit, credit, -1],
  ] as const) {
    const isDebt = code === 'CUST_DEBT';
    if (!isDebt && (!isHeld(code) || isHeld(other))) continue;
    const column = isHeld(other) || other === 'CUST_DEBT' ? 'settled' : MOVEMENTS[other];
    lines.push({ line: isDebt ? DEBTS : { pointsType, funderId }, sign, column });
  }
  return lines;
}

const REDUCES: readonly (Movement | 'settled')[] = ['redeemed', 'expired', 'forfeited'];
const NOTHING = {
  opening: 0, issued: 0, redeemed: 0, expired: 0, adjusted: 0, transferred: 0, forfeited: 0, settled: 0, closing: 0,
}; // prettier-ignore

/**
 * The liability roll-forward by class and funder (IFRS 15 / CAS 14: points are a material right; LEDGER §4.4). The closing of a class is
 * what its lots hold, available, held and pending; all closings together are what customers have less what they owe.
 */
export function rollForward(moved: readonly Moved[]): readonly RollForward[] {
  const rows = new Map<string, { -readonly [Column in keyof RollForward]: RollForward[Column] }>();
  for (const movement of moved) {
    for (const { line, sign, column } of effectsOf(movement)) {
      const key = `${line.pointsType} ${line.funderId}`;
      const row = rows.get(key) ?? { ...line, ...NOTHING };
      rows.set(key, row);
      row.opening += sign * movement.before;
      row[column] += (REDUCES.includes(column) ? -sign : sign) * movement.within;
      row.closing += sign * (movement.before + movement.within);
    }
  }
  return [...rows.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

/** Points of one class that expire together, and how many are left of them. */
export interface Cohort {
  readonly pointsType: string;
  readonly funderId: string;
  readonly expiresOn: string;
  readonly points: number;
}

/** By class: the share in basis points of what is expected to expire unused, of lots that expire within 12 months, within 24, … */
export type BreakageRates = Readonly<Record<string, readonly number[]>>;

/** In how many whole years a lot expires, seen from a day; `undefined`: never. */
export function yearsLeft(expiresOn: string, asOf: string): number | undefined {
  if (expiresOn === 'infinity') return undefined;
  const months = monthsSince0(expiresOn) - monthsSince0(asOf);
  return Math.max(Math.floor(months / 12), 0);
}

const monthsSince0 = (day: string): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));

/** What of a cohort is expected to expire unused, in basis points. Beyond the last figure of a class its last figure holds. */
export function breakageOf({ pointsType, expiresOn }: Cohort, rates: BreakageRates, asOf: string): number {
  const years = yearsLeft(expiresOn, asOf);
  const known = rates[pointsType] ?? [];
  return years === undefined ? 0 : (known[Math.min(years, known.length - 1)] ?? 0);
}

/** `points × 2 fen × (1 − expected breakage)` in fen; the expected breakage is rounded down, so the liability is never too small. */
export function liabilityInFen(cohort: Cohort, rates: BreakageRates, asOf: string): number {
  const valueFen = cohort.points * FEN_PER_POINT;
  return valueFen - Math.floor((valueFen * breakageOf(cohort, rates, asOf)) / 10_000);
}
