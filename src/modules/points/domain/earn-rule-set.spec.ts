import fc from 'fast-check';
import { type EarnRules, InvalidEarnRules, parseEarnRules, pointsForSpend } from './earn-rule-set.js';

const rules: EarnRules = {
  fenPerPoint: 100,
  rounding: 'CEIL',
  factorPercent: { ORDINARY: 100, HONOURED_GUEST: 100, SILVER: 150, GOLD: 180, PLATINUM: 190, DIAMOND: 200 },
  expiry: 'LOT_36_MONTHS',
  joinAbove: 3500,
};
const down: EarnRules = { ...rules, rounding: 'FLOOR' };

describe('points for spending', () => {
  it('[PTS-03] are one for a yuan, times the factor of the level', () => {
    expect(pointsForSpend(10_000, 'ORDINARY', rules)).toBe(100);
    expect(pointsForSpend(10_000, 'SILVER', rules)).toBe(150);
    expect(pointsForSpend(10_000, 'GOLD', rules)).toBe(180);
    expect(pointsForSpend(10_000, 'DIAMOND', rules)).toBe(200);
  });

  it('[PTS-03] round the fraction that is left after the factor, up or down', () => {
    const [spend, tier] = [20_030, 'SILVER'] as const; // 200.30 yuan × 1.5 = 300.45
    expect(pointsForSpend(spend, tier, rules)).toBe(301);
    expect(pointsForSpend(spend, tier, down)).toBe(300);
    expect(pointsForSpend(1, 'ORDINARY', rules)).toBe(1);
    expect(pointsForSpend(99, 'ORDINARY', down)).toBe(0);
  });

  it('[PTS-03] are none for a bill that pays back', () => {
    expect(pointsForSpend(0, 'DIAMOND', rules)).toBe(0);
    expect(pointsForSpend(-5_000, 'DIAMOND', rules)).toBe(0);
  });

  it('[PTS-03] never fall with more spending, and rounding moves them by less than one', () => {
    const fen = fc.integer({ min: 0, max: 1_000_000_000 });
    fc.assert(
      fc.property(fen, fen, (a, b) => {
        expect(pointsForSpend(Math.max(a, b), 'GOLD', rules)).toBeGreaterThanOrEqual(
          pointsForSpend(Math.min(a, b), 'GOLD', rules),
        );
        const [up, whole] = [pointsForSpend(a, 'GOLD', rules), pointsForSpend(a, 'GOLD', down)];
        expect(up - whole).toBe((a * 180) % 10_000 === 0 ? 0 : 1);
      }),
    );
  });
});

describe('a stored rule set', () => {
  it('[PTS-02] is read as it was written', () => {
    expect(parseEarnRules(JSON.parse(JSON.stringify(rules)))).toEqual(rules);
  });

  it.each([
    ['fenPerPoint', { ...rules, fenPerPoint: 0 }],
    ['rounding', { ...rules, rounding: 'HALF_UP' }],
    ['factorPercent.GOLD', { ...rules, factorPercent: { ...rules.factorPercent, GOLD: 1.8 } }],
    ['expiry', { ...rules, expiry: 'SOON' }],
    ['joinAbove', { ...rules, joinAbove: undefined }],
    ['rules', null],
  ])('[PTS-02] is refused when its %s is wrong', (field, stored) => {
    expect(() => parseEarnRules(stored)).toThrow(new InvalidEarnRules(field));
  });
});
