import fc from 'fast-check';
import { type Bucket, type LedgerAccount, movedInto, netChange, type PointsType } from '../ledger/ledger.js';
import { give, payeeActiveFrom, receive } from './transfer.js';

const account = (buckets: readonly Bucket[], changes: Partial<LedgerAccount> = {}): LedgerAccount => ({
  ...{ customerId: 'one', status: 'ACTIVE', held: 0, pending: 0, debt: 0, lifetimeEarned: 4_000, version: 1 },
  available: buckets.reduce((sum, { remaining }) => sum + remaining, 0),
  buckets,
  ...changes,
});
const bucket = (expiresOn: string, pointsType: PointsType, remaining: number): Bucket => ({
  ...{ expiresOn, pointsType, remaining, funderId: 'OPERATOR', held: 0 },
});
const rules = { joinAbove: 3_500 };
const asked = { day: '2026-01-05', isSuspended: false, hasRealName: true };

describe('[PTS-21] what goes from one customer to another', () => {
  it('is promotion points first, then what expires first', () => {
    const payer = account([
      bucket('2026-06-30', 'SPENDING', 100),
      bucket('2027-06-30', 'PROMOTION', 30),
      bucket('2028-06-30', 'PROMOTION', 20),
      bucket('2028-06-30', 'TENURE', 100),
    ]);
    expect(give(payer, rules, { ...asked, points: 160 }).map(({ lot, points }) => [lot?.expiresOn, points])).toEqual([
      ['2027-06-30', 30],
      ['2028-06-30', 20],
      ['2026-06-30', 100],
      ['2028-06-30', 10],
    ]);
  });

  it('is nothing whose last day is over', () => {
    const payer = account([bucket('2026-01-04', 'PROMOTION', 50), bucket('2026-01-05', 'SPENDING', 50)]);
    expect(give(payer, rules, { ...asked, points: 50 })).toMatchObject([
      { lot: { pointsType: 'SPENDING' }, points: 50 },
    ]);
    expect(() => give(payer, rules, { ...asked, points: 51 })).toThrow('not enough points');
  });

  it('arrives as it left, less what the payee owes, whatever the lots are', () => {
    const anyBucket = fc.record({
      expiresOn: fc.constantFrom('2026-01-05', '2026-12-31', '2028-02-29', 'infinity'),
      pointsType: fc.constantFrom<PointsType>('SPENDING', 'PROMOTION', 'GIFT'),
      funderId: fc.constantFrom('OPERATOR', 'SPRING'),
      remaining: fc.integer({ min: 1, max: 500 }),
      held: fc.constant(0),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(anyBucket, {
          minLength: 1,
          selector: (each) => `${each.expiresOn}${each.pointsType}${each.funderId}`,
        }),
        fc.nat({ max: 300 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (buckets, debt, share) => {
          const payer = account(buckets);
          const points = Math.ceil(payer.available * share);
          const given = give(payer, rules, { ...asked, points });
          const received = receive(account([], { debt }), given);
          expect(
            received.filter(({ debit }) => debit === 'IN_TRANSIT').map(({ lot, points }) => [lot, points]),
          ).toEqual(given.map(({ lot, points }) => [lot, points]));
          expect([netChange(given), netChange(received)]).toEqual([-points, points]);
          expect(movedInto('IN_TRANSIT', [...given, ...received])).toBe(0);
          expect(movedInto('CUST_DEBT', received)).toBe(Math.min(debt, points));
        },
      ),
    );
  });

  it('may reach a payee thirty days after he was registered', () => {
    expect(payeeActiveFrom(new Date('2028-02-01T10:00:00+08:00'))).toEqual(new Date('2028-03-02T10:00:00+08:00'));
  });
});
