import fc from 'fast-check';
import type { Bucket, LedgerAccount, Lot, Posting } from './ledger.js';
import { movedInto, netChange } from './ledger.js';
import { award } from './award.js';
import { close } from './closure.js';
import { redeem, type RedemptionRequest, reverseRedemption } from './redemption.js';
import {
  AccountClosed,
  AccountFrozen,
  BelowThreshold,
  InsufficientPoints,
  InvalidPointsAmount,
  RealNameNeeded,
} from './refusals.js';

const rules = { joinAbove: 3500 };
const lot = (expiresOn: string): Lot => ({ expiresOn, pointsType: 'SPENDING', funderId: 'OPERATOR' });

function anAccount(remaining: Readonly<Record<string, number>>, changes: Partial<LedgerAccount> = {}): LedgerAccount {
  const buckets = Object.entries(remaining).map(([day, points]): Bucket => ({
    ...lot(day),
    remaining: points,
    held: 0,
  }));
  const available = buckets.reduce((sum, bucket) => sum + bucket.remaining, 0);
  return {
    customerId: 'c',
    status: 'ACTIVE',
    available,
    held: 0,
    pending: 0,
    debt: 0,
    lifetimeEarned: 10_000,
    version: 3,
    buckets,
    ...changes,
  };
}

const request = (changes: Partial<RedemptionRequest> = {}): RedemptionRequest => ({
  points: 500,
  purpose: 'GOODS',
  day: '2026-02-01',
  isSuspended: false,
  hasRealName: true,
  ...changes,
});

function refusalOf(work: () => unknown): unknown {
  try {
    work();
  } catch (refusal) {
    return refusal;
  }
  throw new Error('was not refused');
}

describe('redeeming points', () => {
  it('uses what expires first, first', () => {
    const account = anAccount({ '2027-01-31': 300, '2027-02-28': 400, infinity: 5_000 });
    expect(redeem(account, rules, request({ points: 800 }))).toEqual([
      { debit: 'CUST_AVAILABLE', credit: 'REDEEMED_GOODS', points: 300, lot: lot('2027-01-31') },
      { debit: 'CUST_AVAILABLE', credit: 'REDEEMED_GOODS', points: 400, lot: lot('2027-02-28') },
      { debit: 'CUST_AVAILABLE', credit: 'REDEEMED_GOODS', points: 100, lot: lot('infinity') },
    ]);
  });

  it('uses a lot on its last day, and not on the day after', () => {
    const account = anAccount({ '2026-01-31': 600 });
    expect(redeem(account, rules, request({ day: '2026-01-31' }))).toHaveLength(1);
    expect(refusalOf(() => redeem(account, rules, request({ day: '2026-02-01' })))).toMatchObject({
      facts: { available: 0, requested: 500 },
    });
  });

  it('is refused beyond the balance, naming both', () => {
    const refusal = refusalOf(() => redeem(anAccount({ '2027-01-31': 499 }), rules, request()));
    expect(refusal).toBeInstanceOf(InsufficientPoints);
    expect(refusal).toMatchObject({ kind: 'rejected', facts: { available: 499, requested: 500 } });
  });

  it('[PTS-12] is refused with 3,500 points earned, naming the gap, and granted with 3,501', () => {
    const refusal = refusalOf(() =>
      redeem(anAccount({ '2027-01-31': 3500 }, { lifetimeEarned: 3500 }), rules, request()),
    );
    expect(refusal).toBeInstanceOf(BelowThreshold);
    expect(refusal).toMatchObject({ facts: { qualifying: 3500, mustExceed: 3500, gap: 1 } });
    expect(redeem(anAccount({ '2027-01-31': 3501 }, { lifetimeEarned: 3501 }), rules, request())).toHaveLength(1);
  });

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])('is refused for %s points', (points) => {
    expect(() => redeem(anAccount({ infinity: 9_000 }), rules, request({ points }))).toThrow(InvalidPointsAmount);
  });

  it('is refused to a suspended customer and on a closed account', () => {
    const account = anAccount({ infinity: 9_000 });
    expect(() => redeem(account, rules, request({ isSuspended: true }))).toThrow(AccountFrozen);
    expect(() => redeem({ ...account, status: 'CLOSED' }, rules, request())).toThrow(AccountClosed);
  });

  it('[CUS-08] is refused to a customer who is not registered with a real name', () => {
    const account = anAccount({ infinity: 9_000 });
    expect(() => redeem(account, rules, request({ hasRealName: false }))).toThrow(RealNameNeeded);
  });

  it('takes exactly what was asked for, from no lot more than it has', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat({ max: 1_000 }), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 5_000 }),
        (lots, points) => {
          const account = anAccount(Object.fromEntries(lots.map((held, i) => [`20${30 + i}-01-31`, held])));
          if (points > account.available) {
            expect(() => redeem(account, rules, request({ points }))).toThrow(InsufficientPoints);
            return;
          }
          const taken = redeem(account, rules, request({ points }));
          expect(movedInto('REDEEMED_GOODS', taken)).toBe(points);
          const emptied = taken.slice(0, -1);
          for (const { lot: from, points } of emptied) {
            expect(points).toBe(account.buckets.find(({ expiresOn }) => expiresOn === from?.expiresOn)?.remaining);
          }
        },
      ),
    );
  });
});

describe('reversing a redemption', () => {
  const redeemed: readonly Posting[] = [
    { debit: 'CUST_AVAILABLE', credit: 'REDEEMED_GOODS', points: 300, lot: lot('2027-01-31') },
    { debit: 'CUST_AVAILABLE', credit: 'REDEEMED_GOODS', points: 200, lot: lot('2027-02-28') },
  ];

  it('returns the points to the lots that they came from', () => {
    expect(reverseRedemption(anAccount({}), redeemed)).toEqual([
      { debit: 'REDEEMED_GOODS', credit: 'CUST_AVAILABLE', points: 300, lot: lot('2027-01-31') },
      { debit: 'REDEEMED_GOODS', credit: 'CUST_AVAILABLE', points: 200, lot: lot('2027-02-28') },
    ]);
  });

  it('first repays what the customer owes', () => {
    const returned = reverseRedemption(anAccount({}, { debt: 350 }), redeemed);
    expect(returned.slice(2)).toEqual([
      { debit: 'CUST_AVAILABLE', credit: 'CUST_DEBT', points: 300, lot: lot('2027-01-31') },
      { debit: 'CUST_AVAILABLE', credit: 'CUST_DEBT', points: 50, lot: lot('2027-02-28') },
    ]);
    expect(movedInto('CUST_AVAILABLE', returned)).toBe(150);
    expect(netChange(returned)).toBe(500);
  });
});

describe('awarding points', () => {
  it('repays a debt out of the points that come', () => {
    const postings = award(anAccount({}, { debt: 30 }), { points: 100, lot: lot('2028-01-31'), hasRealName: true });
    expect(movedInto('CUST_AVAILABLE', postings)).toBe(70);
    expect(movedInto('CUST_DEBT', postings)).toBe(30);
    expect(movedInto('ISSUED', postings)).toBe(-100);
  });

  it('is refused on a closed account', () => {
    const one = { points: 1, lot: lot('infinity'), hasRealName: true };
    expect(() => award(anAccount({}, { status: 'CLOSED' }), one)).toThrow(AccountClosed);
    expect(() => award(anAccount({}), { ...one, hasRealName: false })).toThrow(RealNameNeeded);
  });
});

describe('closing an account', () => {
  it('forfeits every point', () => {
    const postings = close(anAccount({ '2027-01-31': 300, infinity: 20 }));
    expect(movedInto('CLOSED_FORFEIT', postings)).toBe(320);
    expect(movedInto('CUST_AVAILABLE', postings)).toBe(-320);
  });

  it('writes a debt off', () => {
    expect(close(anAccount({}, { debt: 40 }))).toEqual([{ debit: 'CLOSED_FORFEIT', credit: 'CUST_DEBT', points: 40 }]);
  });
});
