import fc from 'fast-check';
import { valueInFen } from './points-value.js';

describe('the value of points', () => {
  it('[PTS-08] is one yuan for 50 points, two fen for one', () => {
    expect(valueInFen(50)).toBe(100);
    expect(valueInFen(1)).toBe(2);
    expect(valueInFen(0)).toBe(0);
  });

  it('[PTS-07] is linear: two amounts are together worth what they are worth apart', () => {
    const points = fc.integer({ min: 0, max: 1_000_000_000_000 });
    fc.assert(fc.property(points, points, (a, b) => valueInFen(a + b) === valueInFen(a) + valueInFen(b)));
  });
});
