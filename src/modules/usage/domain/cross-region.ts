/** How many, and how much in fen. */
export interface Tally {
  readonly count: number;
  readonly sumFen: number;
}

/** What one province took for the accounts of another on a day (异地缴费). */
export interface TakenFor {
  /** Where the money was taken. */
  readonly takenIn: string;
  /** The home province of the accounts. */
  readonly accountIn: string;
  readonly payments: Tally;
  /** Amounts that were corrected afterwards; the sum is the difference, either sign. */
  readonly corrections: Tally;
  /** 冲正: what was given back. */
  readonly reversals: Tally;
}

export interface PairOfProvinces {
  /** In the order of their codes. */
  readonly provinces: readonly [string, string];
  readonly directions: readonly (TakenFor & { readonly dueFen: number })[];
  /** Who owes whom for the day when both directions are set off; undefined when it comes to nothing. */
  readonly settlement: { readonly from: string; readonly to: string; readonly amountFen: number } | undefined;
}

/** What whoever took the money owes whose accounts were credited: taken, as corrected, less what was given back. */
export const dueFen = ({ payments, corrections, reversals }: TakenFor): number =>
  payments.sumFen + corrections.sumFen - reversals.sumFen;

/** Sets the directions of each pair of provinces off against each other (跨省结算). */
export function pairsOf(taken: readonly TakenFor[]): readonly PairOfProvinces[] {
  const byPair = new Map<string, TakenFor[]>();
  for (const each of taken) {
    const pair = [each.takenIn, each.accountIn].sort().join(' ');
    byPair.set(pair, [...(byPair.get(pair) ?? []), each]);
  }
  return [...byPair]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([pair, directions]) => {
      const [one = '', other = ''] = pair.split(' ');
      // Positive: the first of the two owes.
      const balance = directions.reduce((sum, each) => sum + (each.takenIn === one ? dueFen(each) : -dueFen(each)), 0);
      const [from, to] = balance > 0 ? [one, other] : [other, one];
      return {
        provinces: [one, other],
        directions: directions
          .toSorted((a, b) => (a.takenIn < b.takenIn ? -1 : 1))
          .map((each) => ({ ...each, dueFen: dueFen(each) })),
        settlement: balance === 0 ? undefined : { from, to, amountFen: Math.abs(balance) },
      };
    });
}
