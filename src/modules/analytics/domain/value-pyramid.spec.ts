import fc from 'fast-check';
import { cutOff, valuePyramid } from './value-pyramid.js';

describe('the value pyramid', () => {
  it('cuts by whole customers, rounded down', () => {
    expect([1, 5, 20, 50, 100].map((percent) => cutOff(4_338, percent))).toEqual([43, 216, 867, 2_169, 4_338]);
    expect(valuePyramid([5, 4, 3, 2, 1]).map(({ customers }) => customers)).toEqual([0, 0, 1, 1, 3]);
  });

  it('leaves out who spent nothing', () => {
    expect(valuePyramid([0, 700, 0, -5]).reduce((sum, { customers }) => sum + customers, 0)).toBe(1);
    expect(valuePyramid([]).every(({ revenueFen, shareBasisPoints }) => revenueFen + shareBasisPoints === 0)).toBe(
      true,
    );
  });

  it('holds all customers and all revenue, best layers first', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1_000_000 }), { minLength: 1, maxLength: 300 }), (spends) => {
        const layers = valuePyramid(spends);
        const sum = (of: (layer: (typeof layers)[number]) => number) =>
          layers.reduce((total, each) => total + of(each), 0);
        expect(sum(({ customers }) => customers)).toBe(spends.length);
        expect(sum(({ revenueFen }) => revenueFen)).toBe(spends.reduce((total, each) => total + each, 0));
        const means = layers.filter(({ customers }) => customers > 0).map((each) => each.revenueFen / each.customers);
        expect(means).toEqual([...means].sort((a, b) => b - a));
      }),
    );
  });
});
