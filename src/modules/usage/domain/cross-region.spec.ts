import fc from 'fast-check';
import { dueFen, pairsOf, type TakenFor } from './cross-region.js';

const none = { count: 0, sumFen: 0 };
const taken = (takenIn: string, accountIn: string, given: Partial<TakenFor> = {}): TakenFor => ({
  takenIn,
  accountIn,
  payments: none,
  corrections: none,
  reversals: none,
  ...given,
});

describe('[XRG-04] settling payments between provinces', () => {
  it('owes what was taken, as corrected, less what was given back', () => {
    const day = taken('110000', '440000', {
      payments: { count: 3, sumFen: 30_000 },
      corrections: { count: 1, sumFen: -500 },
      reversals: { count: 1, sumFen: 10_000 },
    });
    expect(dueFen(day)).toBe(19_500);
    expect(pairsOf([day])).toEqual([
      {
        provinces: ['110000', '440000'],
        directions: [{ ...day, dueFen: 19_500 }],
        settlement: { from: '110000', to: '440000', amountFen: 19_500 },
      },
    ]);
  });

  it('sets both directions off, and reverses the debt when more is given back than was taken', () => {
    const there = taken('110000', '440000', { payments: { count: 1, sumFen: 5_000 } });
    const back = taken('440000', '110000', { payments: { count: 1, sumFen: 8_000 } });
    expect(pairsOf([there, back])[0]?.settlement).toEqual({ from: '440000', to: '110000', amountFen: 3_000 });
    const reversed = taken('110000', '440000', { reversals: { count: 1, sumFen: 700 } });
    expect(pairsOf([reversed])[0]?.settlement).toEqual({ from: '440000', to: '110000', amountFen: 700 });
    expect(
      pairsOf([there, taken('440000', '110000', { payments: { count: 2, sumFen: 5_000 } })])[0]?.settlement,
    ).toBeUndefined();
  });

  it('loses nothing: what all provinces owe, less what they are owed, is what they took for others', () => {
    const province = fc.constantFrom('110000', '310000', '440000', '510000');
    const amount = fc.integer({ min: 0, max: 1_000_000 });
    const anyTaken = fc
      .tuple(province, province, amount, amount)
      .filter(([from, to]) => from !== to)
      .map(([from, to, paid, back]) =>
        taken(from, to, { payments: { count: 1, sumFen: paid }, reversals: { count: 1, sumFen: back } }),
      );
    fc.assert(
      fc.property(
        fc.uniqueArray(anyTaken, { selector: ({ takenIn, accountIn }) => `${takenIn}${accountIn}` }),
        province,
        (day, p) => {
          const settled = pairsOf(day)
            .flatMap(({ settlement }) => settlement ?? [])
            .reduce((sum, { from, to, amountFen }) => sum + (from === p ? amountFen : to === p ? -amountFen : 0), 0);
          const owed = day.reduce(
            (sum, each) => sum + (each.takenIn === p ? dueFen(each) : each.accountIn === p ? -dueFen(each) : 0),
            0,
          );
          expect(settled).toBe(owed);
        },
      ),
    );
  });
});
