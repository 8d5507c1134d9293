import type { EarnRules } from '../earning/earn-rule-set.js';
import { drain, repayDebt, usableOn } from './ledger.js';
import type { LedgerAccount, Posting, RedeemedCode } from './ledger.js';
import { assertPointsAmount } from './points-amount.js';
import { AccountClosed, AccountFrozen, BelowThreshold, InsufficientPoints, RealNameNeeded } from './refusals.js';

/** What points are exchanged for: services (享福), mobile products (加油站) or goods (自由行). */
export const PURPOSES = ['SERVICE', 'MOBILE_PRODUCT', 'GOODS'] as const;
export type Purpose = (typeof PURPOSES)[number];

export const REDEEMED: Readonly<Record<Purpose, RedeemedCode>> = {
  SERVICE: 'REDEEMED_SERVICE',
  MOBILE_PRODUCT: 'REDEEMED_MOBILE_PRODUCT',
  GOODS: 'REDEEMED_GOODS',
};

export interface RedemptionRequest {
  readonly points: number;
  readonly purpose: Purpose;
  /** Business day: lots that ended before it cannot be used. */
  readonly day: string;
  /** Is the customer's number suspended? */
  readonly isSuspended: boolean;
  /** Is the customer registered with a real name? */
  readonly hasRealName: boolean;
}

/**
 * Redeems points, those that expire first, first.
 * @throws InvalidPointsAmount, AccountClosed, AccountFrozen, RealNameNeeded, BelowThreshold, InsufficientPoints
 */
export function redeem(
  account: LedgerAccount,
  { joinAbove }: Pick<EarnRules, 'joinAbove'>,
  { points, purpose, day, isSuspended, hasRealName }: RedemptionRequest,
): readonly Posting[] {
  assertPointsAmount(points);
  if (account.status === 'CLOSED') throw new AccountClosed();
  if (isSuspended || account.frozenReason !== undefined) throw new AccountFrozen();
  if (!hasRealName) throw new RealNameNeeded();
  if (account.lifetimeEarned <= joinAbove) {
    const qualifying = account.lifetimeEarned;
    throw new BelowThreshold({ qualifying, mustExceed: joinAbove, gap: joinAbove + 1 - qualifying });
  }
  const { taken, missing } = drain(usableOn(day, account), points);
  if (missing > 0) throw new InsufficientPoints({ available: points - missing, requested: points });
  return taken.map(({ lot, points }) => ({ debit: 'CUST_AVAILABLE', credit: REDEEMED[purpose], points, lot }));
}

/**
 * Undoes all of a redemption: the points return to the lots that they were taken from, and never get a new date.
 * @throws AccountClosed
 */
export function reverseRedemption(account: LedgerAccount, redeemed: readonly Posting[]): readonly Posting[] {
  if (account.status === 'CLOSED') throw new AccountClosed();
  const returned = redeemed.map((posting) => ({ ...posting, debit: posting.credit, credit: posting.debit }));
  return [...returned, ...repayDebt(account.debt, returned)];
}
