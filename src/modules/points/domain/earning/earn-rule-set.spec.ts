import fc from 'fast-check';
import { type EarnRules, InvalidEarnRules, joinAboveIn, parseEarnRules, pointsForSpend } from './earn-rule-set.js';

const rules: EarnRules = {
  fenPerPoint: 100,
  rounding: 'CEIL',
  factorPercent: { ORDINARY: 100, HONOURED_GUEST: 100, SILVER: 150, GOLD: 180, PLATINUM: 190, DIAMOND: 200 },
  expiry: 'LOT_36_MONTHS',
  joinAbove: 3500,
};
const plentiful: EarnRules = {
  ...rules,
  joinAboveByRegion: { '440000': 2_000 },
  excludedCharges: ['collectedForOthers', 'valueAddedService'],
  starFactorPercent: { NO_STAR: 0, FIVE_STAR: 300 },
  brandBonusPercent: { GOTONE: 20 },
  factorMode: 'ADDITION',
  tenure: [
    { fromMonths: 12, percent: 10 },
    { fromMonths: 60, points: 500 },
  ],
  credit: { A: 50 },
  data: { fenPerPoint: 50 },
  creditWhen: 'SETTLED',
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
    expect(parseEarnRules(JSON.parse(JSON.stringify(plentiful)))).toEqual(plentiful);
  });

  it('[PTS-12] may have a threshold of its own for a region', () => {
    const regional = { ...rules, joinAboveByRegion: { '440000': 2_000, '110000': 0 } };
    expect(['440000', '110000', '310000', undefined].map((region) => joinAboveIn(region, regional))).toEqual([
      2_000, 0, 3_500, 3_500,
    ]);
  });

  it.each([
    ['fenPerPoint', { ...rules, fenPerPoint: 0 }],
    ['rounding', { ...rules, rounding: 'HALF_UP' }],
    ['factorPercent.GOLD', { ...rules, factorPercent: { ...rules.factorPercent, GOLD: 1.8 } }],
    ['expiry', { ...rules, expiry: 'SOON' }],
    ['joinAbove', { ...rules, joinAbove: undefined }],
    ['rules', null],
    ['excludedCharges', { ...rules, excludedCharges: ['voice', 'gas'] }],
    ['excludedCharges', { ...rules, excludedCharges: ['voice', 'voice'] }],
    ['starFactorPercent.NO_STAR', { ...rules, starFactorPercent: { ONE_STAR: 100 } }],
    ['brandBonusPercent.GOTONE', { ...rules, brandBonusPercent: { GOTONE: -1 } }],
    ['factorMode', { ...rules, factorMode: 'POWER' }],
    ['tenure', { ...rules, tenure: [] }],
    [
      'tenure',
      {
        ...rules,
        tenure: [
          { fromMonths: 24, percent: 1 },
          { fromMonths: 12, percent: 2 },
        ],
      },
    ],
    ['tenure.0', { ...rules, tenure: [{ fromMonths: 24, percent: 1, points: 1 }] }],
    ['tenure.0', { ...rules, tenure: [{ fromMonths: 24 }] }],
    ['credit.A', { ...rules, credit: { A: 1.5 } }],
    ['data.fenPerPoint', { ...rules, data: { fenPerPoint: 0 } }],
    ['creditWhen', { ...rules, creditWhen: 'SOMEDAY' }],
    ['joinAboveByRegion', { ...rules, joinAboveByRegion: [] }],
  ])('[PTS-02] is refused when its %s is wrong', (field, stored) => {
    expect(() => parseEarnRules(stored)).toThrow(new InvalidEarnRules(field));
  });
});
