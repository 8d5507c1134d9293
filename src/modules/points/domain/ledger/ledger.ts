/**
 * The accounts of the ledger. A posting moves points from its debit account to its credit account. The customer's side is
 * kept as a balance per customer; the house side is a code only, so that no row of it is ever fought over.
 */
export type AccountCode =
  | 'CUST_AVAILABLE'
  | 'CUST_HELD'
  | 'CUST_PENDING'
  /** What the customer owes: points taken back after they had been spent. */
  | 'CUST_DEBT'
  | 'ISSUED'
  | RedeemedCode
  /** What was given or taken by hand (调账). */
  | 'ADJUSTED'
  /** Cleared: nobody used them in time (清零). */
  | 'BREAKAGE'
  | 'CLOSED_FORFEIT'
  /** Clearing accounts: zero as soon as nothing is under way. */
  | 'IN_TRANSIT'
  | 'POS_CLEARING'
  | 'AUCTION_CLEARING'
  | 'ORDER_CLEARING'
  | 'PARTNER_PAYABLE'
  | 'MERCHANT_DISCOUNT';

export type RedeemedCode =
  'REDEEMED_SERVICE' | 'REDEEMED_MOBILE_PRODUCT' | 'REDEEMED_GOODS' | 'REDEEMED_PAYMENT' | 'REDEEMED_AUCTION';

/** Classes of points (PTS-16) that are kept apart for life: what was earned by using the network, and what was given. */
export const POINTS_TYPES = ['SPENDING', 'TENURE', 'CREDIT', 'DATA', 'PROMOTION', 'GIFT', 'ADJUSTMENT'] as const;
export type PointsType = (typeof POINTS_TYPES)[number];

/** Points that expire together, are of one class and are paid for by one funder. */
export interface Lot {
  /** Last day on which they can be used, or `infinity`. */
  readonly expiresOn: string;
  readonly pointsType: PointsType;
  readonly funderId: string;
}

/** The operator itself; partners and campaigns have ids of their own. */
export const OPERATOR_FUNDS = 'OPERATOR';

export interface Posting {
  readonly debit: AccountCode;
  readonly credit: AccountCode;
  /** Always positive. */
  readonly points: number;
  /** The lot that is filled or drained; debt alone belongs to none. */
  readonly lot?: Lot;
}

export interface Bucket extends Lot {
  readonly remaining: number;
  readonly held: number;
}

/** A customer's account as its postings explain it. Whoever owes has nothing available: `debt > 0` means `available = 0`. */
export interface LedgerAccount {
  readonly customerId: string;
  readonly status: 'ACTIVE' | 'CLOSED';
  /** Why somebody has frozen it, beside the suspension of the number. */
  readonly frozenReason?: string | undefined;
  readonly available: number;
  readonly held: number;
  readonly pending: number;
  readonly debt: number;
  /** All that was ever issued of the classes that qualify, less what was taken back. */
  readonly lifetimeEarned: number;
  /** Number of journal entries so far. */
  readonly version: number;
  /** First to expire, first; those that still hold points. */
  readonly buckets: readonly Bucket[];
}

/** What one posting does to the balance of one account code of the customer (positive: more). */
export function movedInto(code: AccountCode, postings: readonly Posting[]): number {
  return postings.reduce((sum, { debit, credit, points }) => {
    if (credit === code) return sum + points;
    return debit === code ? sum - points : sum;
  }, 0);
}

/** What postings change in all that the customer has: available, held and pending, less debt. */
export function netChange(postings: readonly Posting[]): number {
  return (
    movedInto('CUST_AVAILABLE', postings) +
    movedInto('CUST_HELD', postings) +
    movedInto('CUST_PENDING', postings) +
    movedInto('CUST_DEBT', postings) // a credit to debt repays it
  );
}

interface Filled {
  readonly lot: Lot;
  readonly points: number;
}

/** Takes points out of buckets in the order given and says from which lots; what cannot be found is `missing`. */
export function drain(
  buckets: readonly Filled[],
  points: number,
): { readonly taken: readonly Filled[]; readonly missing: number } {
  const taken: Filled[] = [];
  let missing = points;
  for (const bucket of buckets) {
    if (missing === 0) break;
    const part = Math.min(bucket.points, missing);
    if (part > 0) taken.push({ lot: bucket.lot, points: part });
    missing -= part;
  }
  return { taken, missing };
}

/** Lots that can be used on a day, first to expire first. */
export function usableOn(day: string, account: LedgerAccount): readonly Filled[] {
  return filledLots(account).filter(({ lot }) => lot.expiresOn === 'infinity' || lot.expiresOn >= day);
}

export function filledLots(account: LedgerAccount): readonly Filled[] {
  return account.buckets
    .filter(({ remaining }) => remaining > 0)
    .map(({ expiresOn, pointsType, funderId, remaining }) => ({
      lot: { expiresOn, pointsType, funderId },
      points: remaining,
    }));
}

/** Points that come to a customer who owes some first repay the debt, out of the lots that they came in. */
export function repayDebt(debt: number, incoming: readonly Posting[]): readonly Posting[] {
  const lots = incoming.flatMap(({ lot, points }) => (lot ? [{ lot, points }] : []));
  return drain(lots, debt).taken.map(({ lot, points }) => ({
    debit: 'CUST_AVAILABLE',
    credit: 'CUST_DEBT',
    points,
    lot,
  }));
}
