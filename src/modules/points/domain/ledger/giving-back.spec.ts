import * as fc from 'fast-check';
import { giveBack, type GivingBack } from './giving-back.js';
import { movedInto, type LedgerAccount, type Lot, type Posting } from './ledger.js';

const account: LedgerAccount = {
  customerId: 'any', status: 'ACTIVE', available: 0, held: 0, pending: 0, debt: 0, lifetimeEarned: 0, version: 1, buckets: [],
}; // prettier-ignore
const lot = (expiresOn: string): Lot => ({ expiresOn, pointsType: 'SPENDING', funderId: 'OPERATOR' });
const captured = (points: number, expiresOn: string): Posting => ({
  debit: 'CUST_HELD',
  credit: 'POS_CLEARING',
  points,
  lot: lot(expiresOn),
});
const asked = (changes: Partial<GivingBack> = {}): GivingBack => ({
  points: 100,
  outOf: 'POS_CLEARING',
  returned: 0,
  day: '2026-02-10',
  reinstatementDays: 30,
  ...changes,
});

describe('giving points back', () => {
  const taken = [captured(100, '2026-06-30'), captured(50, '2027-06-30')];
  const lotsOf = (postings: readonly Posting[]): unknown[] =>
    postings.map(({ credit, points, lot }) => [credit, points, lot?.expiresOn]);

  it('[MER-03] fills the lots that they came from, the last to expire first, part by part', () => {
    expect(lotsOf(giveBack(account, taken, asked({ points: 70 })))).toEqual([
      ['CUST_AVAILABLE', 50, '2027-06-30'],
      ['CUST_AVAILABLE', 20, '2026-06-30'],
    ]);
    expect(lotsOf(giveBack(account, taken, asked({ points: 80, returned: 70 })))).toEqual([
      ['CUST_AVAILABLE', 80, '2026-06-30'],
    ]);
  });

  it('[MER-03] gives back in any parts what it gives back at once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 149 }), (first) => {
        const parts = [
          ...giveBack(account, taken, asked({ points: first })),
          ...giveBack(account, taken, asked({ points: 150 - first, returned: first })),
        ];
        for (const expiresOn of ['2026-06-30', '2027-06-30']) {
          const inLot = parts.filter((each) => each.lot?.expiresOn === expiresOn);
          expect(movedInto('CUST_AVAILABLE', inLot)).toBe(expiresOn === '2026-06-30' ? 100 : 50);
        }
      }),
    );
  });

  it('repays a debt first', () => {
    const postings = giveBack({ ...account, debt: 30 }, taken, asked({ points: 50 }));
    expect([movedInto('CUST_DEBT', postings), movedInto('CUST_AVAILABLE', postings)]).toEqual([30, 20]);
  });

  it.each([
    ['2026-02-10', 'CUST_AVAILABLE', '2026-02-10'],
    ['2026-02-09', 'CUST_AVAILABLE', '2026-03-11'],
    ['2026-01-11', 'CUST_AVAILABLE', '2026-02-10'],
    ['2026-01-10', 'BREAKAGE', '2026-01-10'],
    ['infinity', 'CUST_AVAILABLE', 'infinity'],
  ])('of a lot that was good until %s goes into %s, good until %s', (last, into, until) => {
    expect(lotsOf(giveBack(account, [captured(100, last)], asked()))).toEqual([[into, 100, until]]);
  });

  it('forfeits what comes back to somebody who has left', () => {
    expect(lotsOf(giveBack({ ...account, status: 'CLOSED' }, taken, asked({ points: 150 })))).toEqual([
      ['CLOSED_FORFEIT', 50, '2027-06-30'],
      ['CLOSED_FORFEIT', 100, '2026-06-30'],
    ]);
  });

  it('never gives back more than was taken', () => {
    expect(() => giveBack(account, taken, asked({ points: 51, returned: 100 }))).toThrow('More is given back');
  });
});
