import fc from 'fast-check';
import { sharesOf, WHOLE } from './shares.js';

describe('shares of a whole', () => {
  it('[TIER-13] come to exactly 100%', () => {
    expect(sharesOf([1, 1, 1])).toEqual([3_334, 3_333, 3_333]);
    expect(sharesOf([2, 1])).toEqual([6_667, 3_333]);
    expect(sharesOf([0, 0])).toEqual([0, 0]);
    const parts = fc.array(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(parts, (each) => {
        const shares = sharesOf(each);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBe(each.some((part) => part > 0) ? WHOLE : 0);
        // No share is further than one hundredth of a percent from the exact one, and nothing of nothing is nothing.
        const total = each.reduce((sum, part) => sum + BigInt(part), 0n);
        each.forEach((part, i) => {
          if (total === 0n) return;
          const share = BigInt(shares[i] ?? -1) * total - BigInt(part) * BigInt(WHOLE);
          expect(share < total && share > -total).toBe(true);
        });
      }),
    );
  });
});
