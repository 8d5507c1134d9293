import * as fc from 'fast-check';
import { pointsForListPrice, pointsPerHundredYuan, pointsToReturn } from './list-price.js';

const percent = fc.integer({ min: 1, max: 100 });
const fen = fc.integer({ min: 1, max: 100_000_000 });

describe('what a list price costs in points', () => {
  it.each([
    [100, 100, 50],
    [2, 100, 1],
    [1, 100, 1],
    [3, 100, 2],
    [100, 80, 40],
    [100, 85, 43], // 42.5
    [10_000, 85, 4_250],
  ])('[PTS-08] [PTS-09] %i fen at %i percent are %i points', (listFen, discountPercent, points) => {
    expect(pointsForListPrice(listFen, discountPercent)).toBe(points);
  });

  it('[PTS-09] moves in step with the discount: 8折 are 40 points a yuan of the list price', () => {
    expect([pointsPerHundredYuan(100), pointsPerHundredYuan(80)]).toEqual([5_000, 4_000]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), percent, (yuanHundreds, discount) => {
        expect(pointsForListPrice(yuanHundreds * 10_000, discount)).toBe(yuanHundreds * pointsPerHundredYuan(discount));
      }),
    );
  });

  it('[PTS-09] is rounded up, by less than a point', () => {
    fc.assert(
      fc.property(fen, percent, (listFen, discount) => {
        const exact = (BigInt(listFen) * BigInt(discount) + 199n) / 200n;
        expect(BigInt(pointsForListPrice(listFen, discount))).toBe(exact);
      }),
    );
  });

  it('[MER-03] goes back whole, in whatever parts', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 6 }),
        percent,
        (parts, discount) => {
          const capturedFen = parts.reduce((sum, part) => sum + part, 0);
          let [returnedFen, points] = [0, 0];
          for (const returnFen of parts) {
            points += pointsToReturn({ capturedFen, returnedFen, returnFen, discountPercent: discount });
            returnedFen += returnFen;
          }
          expect(points).toBe(pointsForListPrice(capturedFen, discount));
        },
      ),
    );
  });
});
