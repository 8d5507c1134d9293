import fc from 'fast-check';
import { lastDayOf, NEVER } from './expiry-policy.js';

describe('the expiry of points', () => {
  it.each([
    ['2021-04-01', '2024-04-30'],
    ['2025-01-01', '2028-01-31'],
    ['2025-02-01', '2028-02-29'], // 2028 is a leap year
    ['2024-02-29', '2027-02-28'],
    ['2025-12-31', '2028-12-31'],
    ['2025-11-30', '2028-11-30'],
  ])('[PTS-11] by lot: what is earned on %s can be used until %s', (earned, last) => {
    expect(lastDayOf('LOT_36_MONTHS', earned)).toBe(last);
  });

  it('[PTS-11] by lot: is the last day of a month, whatever the day of earning', () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date('2000-01-01'), max: new Date('2090-12-31'), noInvalidDate: true }),
        (date) => {
          const earned = date.toISOString().slice(0, 10);
          const last = lastDayOf('LOT_36_MONTHS', earned);
          const after = new Date(new Date(`${last}T00:00:00Z`).getTime() + 86_400_000).toISOString().slice(0, 10);
          expect(last.slice(5, 7)).toBe(earned.slice(5, 7));
          expect(Number(last.slice(0, 4))).toBe(Number(earned.slice(0, 4)) + 3);
          expect(after.endsWith('-01')).toBe(true);
        },
      ),
    );
  });

  it('[PTS-11] by three calendar years: the points of 2007 end with 2009', () => {
    expect(lastDayOf('ROLLING_3_CALENDAR_YEARS', '2007-01-01')).toBe('2009-12-31');
    expect(lastDayOf('ROLLING_3_CALENDAR_YEARS', '2007-12-31')).toBe('2009-12-31');
  });

  it('[PTS-11] can be switched off', () => {
    expect(lastDayOf('NONE', '2025-02-01')).toBe(NEVER);
  });
});
