import fc from 'fast-check';
import { NumberOrdinals } from './number-ordinals.js';

describe('ordinals of numbers', () => {
  it('are found again as a Map would find them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 13_000_000_000, max: 13_000_030_000 }), fc.nat({ max: 200_000_000 })), {
          maxLength: 4_000,
        }),
        (entries) => {
          const map = new Map<number, number>();
          const ordinals = new NumberOrdinals();
          for (const [number, ordinal] of entries) {
            expect(ordinals.get(number)).toBe(map.get(number));
            map.set(number, ordinal);
            ordinals.set(number, ordinal);
          }
          expect(ordinals.size).toBe(map.size);
          for (const [number, ordinal] of map) expect(ordinals.get(number)).toBe(ordinal);
        },
      ),
      { numRuns: 30 },
    );
  });
});
