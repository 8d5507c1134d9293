import { daysOfPointsYear, pointsYear } from './points-year.js';

describe('the points year', () => {
  it('[PTS-10] begins on 1 December of the year before', () => {
    expect(pointsYear('2025-12-01')).toBe(2026);
    expect(pointsYear('2025-11-30')).toBe(2025);
    expect(pointsYear('2026-01-01')).toBe(2026);
    expect(pointsYear('2024-02-29')).toBe(2024);
  });

  it('[PTS-10] holds its first and its last day, and not the days beside them', () => {
    const { from, to } = daysOfPointsYear(2026);
    expect([from, to]).toEqual(['2025-12-01', '2026-11-30']);
    expect(pointsYear(from)).toBe(2026);
    expect(pointsYear(to)).toBe(2026);
    expect(pointsYear('2026-12-01')).toBe(2027);
  });
});
