import {
  type Charge,
  CHARGES,
  type CreditMoment,
  type EarnRules,
  namedIn,
  percentOf,
  pointsOf,
  type TenureStep,
  type Tier,
} from './earn-rule-set.js';
import { lastDayOf } from '../expiry/expiry-policy.js';

/** What a bill earns points for; each is a class of points of its own. */
export const EARN_ITEMS = ['SPENDING', 'TENURE', 'CREDIT', 'DATA'] as const;
export type EarnItem = (typeof EARN_ITEMS)[number];

/** A bill in fen: what is to be paid, and of what it is made. */
export interface BillFigures extends Readonly<Record<Charge, number>> {
  readonly payable: number;
}

/** What counts of the customer in the month of the bill. */
export interface EarnFacts {
  readonly tier: Tier;
  readonly star?: string | undefined;
  readonly brand?: string | undefined;
  /** Full months in the network at the end of the month; unknown, they earn nothing. */
  readonly monthsInNetwork?: number | undefined;
  readonly creditGrade?: string | undefined;
  /** Times that the number was stopped in both directions in the month (双停). */
  readonly suspensions: number;
}

export interface QuotedItem {
  readonly item: EarnItem;
  readonly points: number;
  /** The fen that count for it. */
  readonly fen: number;
  /** What was looked up for it: the percentage of the plain points in hundredths, or the points of a table. */
  readonly percentInHundredths?: number;
  readonly tablePoints?: number;
}

export interface Quote {
  readonly items: readonly QuotedItem[];
  readonly points: number;
  /** Last day on which the points can be used. */
  readonly expiresOn: string;
  readonly creditWhen: CreditMoment;
}

/** What a bill of a month would earn: the rule that the monthly run applies to everybody. @param cycle first day of the month */
export function quoteOf(bill: BillFigures, facts: EarnFacts, rules: EarnRules, cycle: string): Quote {
  const earning = earningFen(bill, rules);
  const items: readonly QuotedItem[] = [
    spendingItem(earning, facts, rules),
    ...(rules.tenure ? [tenureItem(earning, facts, rules, rules.tenure)] : []),
    ...(rules.credit ? [creditItem(earning, facts, rules.credit)] : []),
    ...(rules.data ? [dataItem(bill.data, rules, rules.data.fenPerPoint)] : []),
  ];
  return {
    items,
    points: items.reduce((sum, { points }) => sum + points, 0),
    expiresOn: lastDayOf(rules.expiry, cycle),
    creditWhen: rules.creditWhen ?? 'BILLED',
  };
}

/** What of a bill earns as spending, in fen; it may be negative. */
export const earningFen = (bill: BillFigures, { excludedCharges = ['collectedForOthers'] }: EarnRules): number =>
  excludedCharges.reduce((fen, charge) => fen - bill[charge], bill.payable);

/** Full months in the network (网龄) on the last day of a month, as `tenureMonths` counts them: a month is full on its last day. */
export function monthsInNetwork(activatedOn: string, cycle: string): number {
  const monthOf = (day: string): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7));
  return Math.max(0, monthOf(cycle) - monthOf(activatedOn));
}

function spendingItem(fen: number, facts: EarnFacts, rules: EarnRules): QuotedItem {
  const percentInHundredths = percentOf(facts, rules);
  const points = pointsOf(fen, percentInHundredths, rules.fenPerPoint, rules.rounding);
  return { item: 'SPENDING', points, fen, percentInHundredths };
}

function tenureItem(fen: number, facts: EarnFacts, rules: EarnRules, steps: readonly TenureStep[]): QuotedItem {
  const months = facts.monthsInNetwork;
  const step = months === undefined ? undefined : steps.findLast(({ fromMonths }) => fromMonths <= months);
  if (step && 'points' in step) return tableItem('TENURE', fen, step.points);
  const percentInHundredths = (step?.percent ?? 0) * 100;
  const points = pointsOf(fen, percentInHundredths, rules.fenPerPoint, rules.rounding);
  return { item: 'TENURE', points, fen, percentInHundredths };
}

/** A month in which the number was stopped in both directions shows no credit (PTS-05). */
function creditItem(
  fen: number,
  { creditGrade, suspensions }: EarnFacts,
  grades: Readonly<Record<string, number>>,
): QuotedItem {
  return tableItem('CREDIT', fen, suspensions === 0 ? (namedIn(grades, creditGrade) ?? 0) : 0);
}

/** The points of a table belong to months in which something was spent. */
const tableItem = (item: EarnItem, fen: number, tablePoints: number): QuotedItem => ({
  item,
  points: fen > 0 ? tablePoints : 0,
  fen,
  tablePoints,
});

const dataItem = (fen: number, { rounding }: EarnRules, fenPerPoint: number): QuotedItem => ({
  item: 'DATA',
  points: pointsOf(fen, 10_000, fenPerPoint, rounding),
  fen,
  percentInHundredths: 10_000,
});

/** A bill of which only some charges are known. */
export function billOf(charges: Readonly<Partial<Record<Charge | 'discount' | 'gift', number>>>): BillFigures {
  const known = Object.fromEntries(CHARGES.map((charge) => [charge, charges[charge] ?? 0])) as Record<Charge, number>;
  const payable = Object.values(known).reduce((sum, fen) => sum + fen, (charges.discount ?? 0) + (charges.gift ?? 0));
  return { ...known, payable };
}
