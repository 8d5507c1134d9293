import type { Brand, SimKind } from './boss-records.js';

export interface Tariff {
  readonly code: string;
  readonly feeFen: number;
}

/** Package fees round the level borders of the package route: 88, 128, 238, 388 yuan. */
export const TARIFFS: readonly Tariff[] = [8, 18, 28, 38, 58, 88, 128, 158, 198, 238, 288, 388, 588, 888].map(
  (yuan) => ({
    code: `PKG-${yuan}`,
    feeFen: yuan * 100,
  }),
);
export const SMALLEST_TARIFF: Tariff = { code: 'PKG-8', feeFen: 800 };
export const SECONDARY_TARIFF: Tariff = { code: 'SHARE-10', feeFen: 1000 };

/** A month that no window reaches. */
export const NEVER = 9999;

/**
 * - `AUTO`: from a prepaid balance, settled when the bill is issued
 * - `ON_TIME` / `LATE`: after the bill, before or after the due date (the 20th)
 * - `DEFAULTER`: one long episode of arrears with both suspensions
 * - `CHRONIC`: suspended for arrears in many months running
 */
export type PayingHabit = 'AUTO' | 'ON_TIME' | 'LATE' | 'DEFAULTER' | 'CHRONIC';

/** What a coming departure looks like from outside; months counted from the first of the window. */
export interface LeavingSigns {
  readonly spendFallsFrom: number;
  readonly spendRecoversFrom: number;
  readonly rivalHotlineIn: number;
  readonly rivalHotlineCalls: number;
  readonly portingQueryIn: number;
  readonly portingCodeIn: number;
  readonly silentIn: number;
  readonly silence: 'DOUBLE_ZERO' | 'TRIPLE_ZERO';
  readonly forwardsAwayFrom: number;
  readonly billDetailIn: number;
}

/** A customer whose figures stand exactly on a border of the level rules. */
export interface BorderCase {
  readonly accountNo: string;
  readonly why: string;
  readonly netSpend2025Fen: number;
  readonly activatedOn: string;
}

export interface BorderPlan {
  readonly why: string;
  readonly netSpend2025Fen: number;
  readonly activatedOn: string;
}

export interface Suspension {
  readonly oneWay: Moment;
  readonly twoWay: Moment;
  /** Month `NEVER`: not resumed. */
  readonly resumed: Moment;
}

/** Month of the window, 0 the first, and day of the month. */
export interface Moment {
  readonly month: number;
  readonly day: number;
}

export interface Customer {
  readonly index: number;
  readonly accountNo: string;
  readonly msisdn: string;
  readonly secondaryMsisdn: string | undefined;
  readonly name: string;
  readonly idNumber: string;
  readonly birthDate: string;
  readonly province: string;
  readonly branchCode: string;
  readonly brand: Brand;
  readonly simKind: SimKind;
  readonly activatedOn: string;
  /** −1: in the network before the window. */
  readonly joins: Moment;
  /** Month beyond the window, or `NEVER`: stays. */
  readonly leaves: Moment;
  readonly isClosedForDebt: boolean;
  readonly spendFen: number;
  readonly tariffs: readonly { readonly from: number; readonly tariff: Tariff }[];
  readonly hasPackageDiscount: boolean;
  readonly contracts: readonly { readonly from: number; readonly endsOn: string }[];
  readonly habit: PayingHabit;
  readonly isPaidByOther: boolean;
  readonly signs: LeavingSigns;
  readonly hasSigns: boolean;
  /** Shows signs and stays. */
  readonly isFalseAlarm: boolean;
  readonly suspensions: readonly Suspension[];
  readonly border: BorderPlan | undefined;
}

export function isBilledIn(customer: Customer, m: number): boolean {
  return m >= Math.max(0, customer.joins.month) && m <= customer.leaves.month;
}

export function tariffIn(customer: Customer, m: number): Tariff {
  return customer.tariffs.findLast((step) => step.from <= m)?.tariff ?? SMALLEST_TARIFF;
}

export function contractIn(customer: Customer, m: number): string | undefined {
  return customer.contracts.findLast((contract) => contract.from <= m)?.endsOn;
}
