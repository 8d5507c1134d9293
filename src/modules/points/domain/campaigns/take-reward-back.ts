import { drain, filledLots, type LedgerAccount, type Lot, type Posting } from '../ledger/ledger.js';

/**
 * Takes points of a reward back: out of its own lot first, then out of whatever expires first; what has been spent is owed from now on.
 */
export function takeRewardBack(account: LedgerAccount, lot: Lot, points: number): readonly Posting[] {
  const isOwn = (other: Lot): boolean =>
    other.expiresOn === lot.expiresOn && other.pointsType === lot.pointsType && other.funderId === lot.funderId;
  const lots = filledLots(account);
  const own = drain(
    lots.filter((filled) => isOwn(filled.lot)),
    points,
  );
  const others = drain(
    lots.filter((filled) => !isOwn(filled.lot)),
    own.missing,
  );
  return [
    ...own.taken.map((part): Posting => ({ debit: 'CUST_AVAILABLE', credit: 'ISSUED', ...part })),
    ...(own.missing > 0 ? [{ debit: 'CUST_DEBT', credit: 'ISSUED', points: own.missing, lot } as const] : []),
    ...others.taken.map((part): Posting => ({ debit: 'CUST_AVAILABLE', credit: 'CUST_DEBT', ...part })),
  ];
}
