import fc from 'fast-check';
import { fenOf, yuanOf } from './yuan.js';

describe('money of TM Forum', () => {
  it('is whole fen again, whatever the amount', () => {
    fc.assert(
      fc.property(fc.integer({ min: -99_999_999_999_999, max: 99_999_999_999_999 }), (fen) => {
        const sent = JSON.parse(JSON.stringify(yuanOf(fen))) as object;
        expect(fenOf(sent)).toBe(fen);
      }),
    );
  });

  it.each([
    [{ unit: 'CNY', value: 0.2 }, 20],
    [{ value: 12 }, 1200],
    [{ unit: 'CNY', value: -0.07 }, -7],
    [{ unit: 'CNY', value: 0.1 + 0.2 }, undefined],
    [{ unit: 'CNY', value: 0.001 }, undefined],
    [{ unit: 'USD', value: 1 }, undefined],
    [{ unit: 'CNY', value: '1' }, undefined],
    [{ unit: 'CNY', value: 1e21 }, undefined],
    [{}, undefined],
  ])('reads %j as %p fen', (money, fen) => {
    expect(fenOf(money)).toBe(fen);
  });
});
