import { repayDebt, type AccountCode, type LedgerAccount, type Lot, type Posting } from './ledger.js';

export interface GivingBack {
  readonly points: number;
  /** Where the points went. */
  readonly outOf: AccountCode;
  /** Of this entry, how many were given back before. */
  readonly returned: number;
  /** Business day, `YYYY-MM-DD`. */
  readonly day: string;
  /** For so many days after its last one a lot takes points back (积分恢复), and is good for as many days longer. */
  readonly reinstatementDays: number;
}

/**
 * Gives back a part of what an entry took, into the lots that it came from: those that expire last, first. A debt is repaid first. What
 * came from a lot that has ended goes on for the days of reinstatement after it, and is cleared when these are over too; of whom has left
 * everything is forfeited.
 */
export function giveBack(
  account: LedgerAccount,
  taken: readonly Posting[],
  { points, outOf, returned, day, reinstatementDays }: GivingBack,
): readonly Posting[] {
  const back: Posting[] = [];
  let [skipped, missing] = [returned, points];
  for (const { credit, lot, points: inLot } of taken.toReversed()) {
    if (credit !== outOf || !lot) continue;
    const gone = Math.min(inLot, skipped);
    const part = Math.min(inLot - gone, missing);
    skipped -= gone;
    missing -= part;
    if (part > 0) back.push({ debit: outOf, points: part, ...destination(account, lot, day, reinstatementDays) });
  }
  if (missing > 0) throw new Error('More is given back than was taken');
  const available = back.filter(({ credit }) => credit === 'CUST_AVAILABLE');
  return [...back, ...repayDebt(account.debt, available)];
}

function destination(
  { status }: LedgerAccount,
  lot: Lot,
  day: string,
  reinstatementDays: number,
): Pick<Posting, 'credit'> & { readonly lot: Lot } {
  if (status === 'CLOSED') return { credit: 'CLOSED_FORFEIT', lot };
  if (lot.expiresOn === 'infinity' || lot.expiresOn >= day) return { credit: 'CUST_AVAILABLE', lot };
  const reinstatedUntil = daysAfter(lot.expiresOn, reinstatementDays);
  if (reinstatedUntil >= day) return { credit: 'CUST_AVAILABLE', lot: { ...lot, expiresOn: reinstatedUntil } };
  return { credit: 'BREAKAGE', lot };
}

const daysAfter = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
