import { drain, type LedgerAccount, type Posting, usableOn } from '../ledger/ledger.js';
import { assertPointsAmount } from '../ledger/points-amount.js';
import { AccountClosed, InsufficientPoints } from '../ledger/refusals.js';

/**
 * Takes points away by hand (调账), those that expire first, first. It is no spending: neither the threshold of the plan nor a freeze
 * stands in its way.
 * @throws InvalidPointsAmount, AccountClosed, InsufficientPoints
 */
export function takeByHand(account: LedgerAccount, points: number, day: string): readonly Posting[] {
  assertPointsAmount(points);
  if (account.status === 'CLOSED') throw new AccountClosed();
  const { taken, missing } = drain(usableOn(day, account), points);
  if (missing > 0) throw new InsufficientPoints({ available: points - missing, requested: points });
  return taken.map(({ lot, points }) => ({ debit: 'CUST_AVAILABLE', credit: 'ADJUSTED', points, lot }));
}
