import { type LedgerAccount, type Lot, type Posting, repayDebt } from './ledger.js';
import { assertPointsAmount } from './points-amount.js';
import { AccountClosed, RealNameNeeded } from './refusals.js';

export interface Award {
  readonly points: number;
  readonly lot: Lot;
  /** Is the customer registered with a real name? */
  readonly hasRealName: boolean;
}

/**
 * Gives points into a lot.
 * @throws InvalidPointsAmount, AccountClosed, RealNameNeeded
 */
export function award(account: LedgerAccount, { points, lot, hasRealName }: Award): readonly Posting[] {
  assertPointsAmount(points);
  if (account.status === 'CLOSED') throw new AccountClosed();
  if (!hasRealName) throw new RealNameNeeded();
  const issued: Posting = { debit: 'ISSUED', credit: 'CUST_AVAILABLE', points, lot };
  return [issued, ...repayDebt(account.debt, [issued])];
}
