import { filledLots, type LedgerAccount, type Posting } from './ledger.js';

/** Closing clears everything: points left are forfeited, a debt is written off. */
export function close(account: LedgerAccount): readonly Posting[] {
  const forfeited = filledLots(account).map(({ lot, points }): Posting => ({
    debit: 'CUST_AVAILABLE',
    credit: 'CLOSED_FORFEIT',
    points,
    lot,
  }));
  if (account.debt === 0) return forfeited;
  return [...forfeited, { debit: 'CLOSED_FORFEIT', credit: 'CUST_DEBT', points: account.debt }];
}
