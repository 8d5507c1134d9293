import { countedDays } from './counted-days.js';

describe('the days that count in a level year', () => {
  it('are one, for all months, in the first month', () => {
    expect(countedDays('2026-02-01', '2026-02-01')).toEqual([{ day: '2026-02-01', months: 12 }]);
    expect(countedDays('2026-02-01', '2026-02-28')).toEqual([{ day: '2026-02-28', months: 12 }]);
  });

  it('are the last day of each month that is over, and today for this month and the rest', () => {
    expect(countedDays('2026-02-01', '2026-03-01')).toEqual([
      { day: '2026-02-28', months: 1 },
      { day: '2026-03-01', months: 11 },
    ]);
    expect(countedDays('2026-02-01', '2027-01-31')).toHaveLength(12);
    expect(countedDays('2026-02-01', '2027-01-31').at(-1)).toEqual({ day: '2027-01-31', months: 1 });
  });

  it('follow the months of a year that begins on any day, also of a leap year', () => {
    expect(countedDays('2028-01-31', '2028-04-15')).toEqual([
      { day: '2028-02-28', months: 1 },
      { day: '2028-03-30', months: 1 },
      { day: '2028-04-15', months: 10 },
    ]);
  });

  it('are twelve months on every day of a year', () => {
    for (let day = Date.parse('2027-12-15'); day < Date.parse('2028-12-15'); day += 86_400_000) {
      const counted = countedDays('2027-12-15', new Date(day).toISOString().slice(0, 10));
      expect(counted.reduce((sum, { months }) => sum + months, 0)).toBe(12);
      expect(counted.every(({ months }) => months > 0)).toBe(true);
    }
  });
});
