import { type LedgerAccount, type Lot, type Posting, repayDebt } from './ledger.js';
import { assertPointsAmount } from './points-amount.js';
import { AccountClosed } from './refusals.js';

/**
 * Gives points into a lot.
 * @throws InvalidPointsAmount, AccountClosed
 */
export function award(account: LedgerAccount, points: number, lot: Lot): readonly Posting[] {
  assertPointsAmount(points);
  if (account.status === 'CLOSED') throw new AccountClosed();
  const issued: Posting = { debit: 'ISSUED', credit: 'CUST_AVAILABLE', points, lot };
  return [issued, ...repayDebt(account.debt, [issued])];
}
