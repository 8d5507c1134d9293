import { readGuard, type GuardMonth } from './guards.js';

const LIMITS = { softBp: 180, hardBp: 200 };
const monthly = (...months: readonly (readonly [points: number, revenueFen: number])[]): readonly GuardMonth[] =>
  months.map(([points, revenueFen], i) => ({
    month: i === 0 ? '2025-12-01' : `2026-${String(i).padStart(2, '0')}-01`,
    points,
    revenueFen,
  }));

describe('the guards of the points plan', () => {
  it('[PTS-13] are soft at 1.80 % and hard at 2.00 %, to the fen', () => {
    const levelAt = (points: number, revenueFen: number) =>
      readGuard(monthly([points, revenueFen]), '2025-12-31', LIMITS).level;
    // 900 points are 1,800 fen: 1.80 % of 100,000 fen.
    expect([levelAt(899, 100_000), levelAt(900, 100_000), levelAt(900, 100_001)]).toEqual(['NONE', 'SOFT', 'NONE']);
    expect([levelAt(999, 100_000), levelAt(1_000, 100_000), levelAt(1_000, 100_001)]).toEqual(['SOFT', 'HARD', 'SOFT']);
  });

  it('[PTS-13] are exact for a whole operator', () => {
    const revenueFen = 8_000_000_000_000_000; // fen: 80 billion yuan
    const reading = readGuard(monthly([revenueFen / 100, revenueFen]), '2025-12-31', LIMITS);
    expect([reading.rateBp, reading.level]).toEqual([200, 'HARD']);
    expect(readGuard(monthly([revenueFen / 100 - 1, revenueFen]), '2025-12-31', LIMITS).level).toBe('SOFT');
  });

  it('[PTS-14] expect of the months that are left the mean of the last three that are over', () => {
    const months = monthly([100, 100_000], [100, 100_000], [400, 100_000], [700, 100_000], [9_999, 50_000]);
    const reading = readGuard(months, '2026-04-10', LIMITS);
    // December to March are over: 1,300 points of 400,000 fen; eight months at (100 + 400 + 700) / 3 = 400 of 100,000 follow.
    expect(reading.forecastBp).toBe(Math.floor(((1_300 + 8 * 400) * 2 * 10_000) / (400_000 + 8 * 100_000)));
    expect(reading.points).toBe(1_300 + 9_999);
  });

  it('[PTS-14] say nothing where there is no revenue yet', () => {
    expect(readGuard(monthly([10, 0]), '2025-12-05', LIMITS)).toEqual({
      points: 10, costFen: 20, revenueFen: 0, rateBp: undefined, forecastBp: undefined, level: 'NONE',
    }); // prettier-ignore
  });
});
