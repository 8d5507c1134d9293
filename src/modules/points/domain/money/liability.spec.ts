import fc from 'fast-check';
import type { AccountCode } from '../ledger/ledger.js';
import { breakageOf, HOUSE_CODES, liabilityInFen, rollForward, yearsLeft, type Moved } from './liability.js';

const CUSTOMERS: readonly AccountCode[] = ['CUST_AVAILABLE', 'CUST_HELD', 'CUST_PENDING', 'CUST_DEBT'];

describe('the liability roll-forward', () => {
  const anyMoved: fc.Arbitrary<Moved> = fc
    .record({
      debit: fc.constantFrom(...HOUSE_CODES, ...CUSTOMERS),
      credit: fc.constantFrom(...HOUSE_CODES, ...CUSTOMERS),
      pointsType: fc.constantFrom('SPENDING', 'GIFT', 'NONE'),
      funderId: fc.constantFrom('OPERATOR', 'PARTNER'),
      before: fc.nat(1_000),
      within: fc.nat(1_000),
    })
    .filter(({ debit, credit }) => debit !== credit);

  it('[PTS-32] adds up in every line, and over all lines to what customers have less what they owe', () => {
    const net = ({ debit, credit }: Moved): number =>
      Number(CUSTOMERS.includes(credit)) - Number(CUSTOMERS.includes(debit));
    fc.assert(
      fc.property(fc.array(anyMoved, { maxLength: 40 }), (moved) => {
        const lines = rollForward(moved);
        for (const l of lines) {
          expect(l.closing).toBe(
            l.opening + l.issued - l.redeemed - l.expired + l.adjusted + l.transferred - l.forfeited + l.settled,
          );
        }
        const sum = (of: (line: (typeof lines)[number]) => number) =>
          lines.reduce((total, line) => total + of(line), 0);
        expect(sum(({ closing }) => closing)).toBe(
          moved.reduce((total, each) => total + net(each) * (each.before + each.within), 0),
        );
        expect(sum(({ opening }) => opening)).toBe(moved.reduce((total, each) => total + net(each) * each.before, 0));
        expect(sum(({ settled }) => settled)).toBe(0);
      }),
    );
  });
});

describe('the expected breakage', () => {
  const cohort = (expiresOn: string, points = 100) => ({
    pointsType: 'SPENDING',
    funderId: 'OPERATOR',
    expiresOn,
    points,
  });

  it('is that of the years that a cohort has left', () => {
    expect(
      ['2026-02-28', '2027-01-31', '2027-02-28', '2029-02-28', '2025-01-31'].map((d) => yearsLeft(d, '2026-02-28')),
    ).toEqual([0, 0, 1, 3, 0]);
    const rates = { SPENDING: [900, 300] };
    expect(
      ['2026-12-31', '2027-06-30', '2029-06-30', 'infinity'].map((d) => breakageOf(cohort(d), rates, '2026-02-28')),
    ).toEqual([900, 300, 300, 0]);
    expect(breakageOf({ ...cohort('2026-12-31'), pointsType: 'GIFT' }, rates, '2026-02-28')).toBe(0);
  });

  it('makes the liability smaller, never too small', () => {
    expect(liabilityInFen(cohort('2026-12-31', 100), { SPENDING: [2_500] }, '2026-02-28')).toBe(150);
    expect(liabilityInFen(cohort('2026-12-31', 1), { SPENDING: [2_500] }, '2026-02-28')).toBe(2);
  });
});
