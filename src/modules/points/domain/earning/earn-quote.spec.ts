import { billOf, type EarnFacts, monthsInNetwork, quoteOf } from './earn-quote.js';
import type { EarnRules } from './earn-rule-set.js';

const rules: EarnRules = {
  fenPerPoint: 100,
  rounding: 'CEIL',
  factorPercent: { ORDINARY: 100, HONOURED_GUEST: 100, SILVER: 150, GOLD: 180, PLATINUM: 190, DIAMOND: 200 },
  expiry: 'LOT_36_MONTHS',
  joinAbove: 3500,
};
const nobody: EarnFacts = { tier: 'ORDINARY', suspensions: 0 };
const bill = billOf({ monthlyFee: 8_000, voice: 2_000 });
const pointsFor = (
  changes: Partial<EarnRules>,
  facts: Partial<EarnFacts> = {},
  figures = bill,
): Record<string, number> =>
  Object.fromEntries(
    quoteOf(figures, { ...nobody, ...facts }, { ...rules, ...changes }, '2025-12-01').items.map(({ item, points }) => [
      item,
      points,
    ]),
  );

describe('what a bill earns', () => {
  it('[PTS-03] leaves out the charges that the rules name, and by default what is collected for others', () => {
    const mixed = billOf({ monthlyFee: 5_000, valueAddedService: 3_000, collectedForOthers: 9_000, discount: -1_000 });
    expect(pointsFor({}, {}, mixed)).toEqual({ SPENDING: 70 });
    expect(pointsFor({ excludedCharges: ['collectedForOthers', 'valueAddedService'] }, {}, mixed)).toEqual({
      SPENDING: 40,
    });
    expect(pointsFor({ excludedCharges: [] }, {}, mixed)).toEqual({ SPENDING: 160 });
  });

  it('[PTS-03] is multiplied by the level and the star, and gets the bonus of the brand', () => {
    const stars = { starFactorPercent: { NO_STAR: 0, ONE_STAR: 100, FIVE_STAR: 300 } };
    expect(pointsFor(stars, { star: 'FIVE_STAR' })).toEqual({ SPENDING: 300 });
    expect(pointsFor(stars, { star: 'FIVE_STAR', tier: 'SILVER' })).toEqual({ SPENDING: 450 });
    expect(pointsFor(stars)).toEqual({ SPENDING: 0 }); // no star, no points
    expect(pointsFor({ brandBonusPercent: { GOTONE: 20 } }, { brand: 'GOTONE' })).toEqual({ SPENDING: 120 });
    expect(pointsFor({ brandBonusPercent: { GOTONE: 20 } }, { brand: 'MZONE' })).toEqual({ SPENDING: 100 });
  });

  it('[PTS-03] gets the factors on top of the point itself when they are additions', () => {
    const added: Partial<EarnRules> = { factorMode: 'ADDITION' };
    expect(pointsFor(added, { tier: 'SILVER' })).toEqual({ SPENDING: 250 });
    expect(pointsFor({ ...added, starFactorPercent: { NO_STAR: 0, FIVE_STAR: 300 } }, { star: 'FIVE_STAR' })).toEqual({
      SPENDING: 500,
    });
  });

  it.each([
    [undefined, 0],
    [0, 0],
    [11, 0],
    [12, 10],
    [23, 10],
    [24, 20],
    [59, 20],
    [60, 500],
    [500, 500],
  ])('[PTS-04] for %p months in the network is %i points', (months, points) => {
    const tenure = [
      { fromMonths: 12, percent: 10 },
      { fromMonths: 24, percent: 20 },
      { fromMonths: 60, points: 500 },
    ];
    expect(pointsFor({ tenure }, { monthsInNetwork: months })).toEqual({ SPENDING: 100, TENURE: points });
  });

  it.each([
    ['2025-12-31', '2025-12-01', 0],
    ['2024-12-31', '2025-12-01', 12],
    ['2025-01-01', '2025-12-01', 11],
    ['2024-02-29', '2025-02-01', 12],
    ['2026-01-01', '2025-12-01', 0],
  ])('[PTS-04] a number of %s has in the month %s been in the network for %i months', (activated, cycle, months) => {
    expect(monthsInNetwork(activated, cycle)).toBe(months);
  });

  it('[PTS-05] for credit follows the grade, and is lost in a month with a two-way suspension', () => {
    const credit = { A: 50, B: 20 };
    expect(pointsFor({ credit }, { creditGrade: 'A' })).toEqual({ SPENDING: 100, CREDIT: 50 });
    expect(pointsFor({ credit }, { creditGrade: 'E' })).toEqual({ SPENDING: 100, CREDIT: 0 });
    expect(pointsFor({ credit }, {})).toEqual({ SPENDING: 100, CREDIT: 0 });
    expect(pointsFor({ credit }, { creditGrade: 'A', suspensions: 1 })).toEqual({ SPENDING: 100, CREDIT: 0 });
    expect(pointsFor({ credit }, { creditGrade: 'A' }, billOf({}))).toEqual({ SPENDING: 0, CREDIT: 0 });
  });

  it('[PTS-06] for data charges has a rate of its own, beside what they earn as spending', () => {
    const figures = billOf({ monthlyFee: 8_000, data: 2_001 });
    expect(pointsFor({ data: { fenPerPoint: 50 } }, {}, figures)).toEqual({ SPENDING: 101, DATA: 41 });
    expect(pointsFor({ data: { fenPerPoint: 50 }, rounding: 'FLOOR' }, {}, figures)).toEqual({
      SPENDING: 100,
      DATA: 40,
    });
    expect(pointsFor({ data: { fenPerPoint: 50 }, excludedCharges: ['data'] }, {}, figures)).toEqual({
      SPENDING: 80,
      DATA: 41,
    });
  });

  it('says when and how long the points can be used', () => {
    expect(quoteOf(bill, nobody, rules, '2025-12-01')).toMatchObject({
      points: 100,
      expiresOn: '2028-12-31',
      creditWhen: 'BILLED',
    });
    expect(quoteOf(bill, nobody, { ...rules, creditWhen: 'SETTLED' }, '2025-12-01').creditWhen).toBe('SETTLED');
  });
});
