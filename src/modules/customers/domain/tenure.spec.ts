import fc from 'fast-check';
import { tenureMonths } from './tenure.js';

describe('time in network', () => {
  it.each([
    ['2024-03-15', '2024-03-15', 0],
    ['2024-03-15', '2024-04-14', 0],
    ['2024-03-15', '2024-04-15', 1],
    ['2024-03-15', '2025-03-14', 11],
    ['2024-03-15', '2025-03-15', 12],
    ['2022-02-01', '2025-01-31', 35],
    ['2022-02-01', '2025-02-01', 36],
  ])('from %s to %s is %i full months', (activatedOn, asOf, months) => {
    expect(tenureMonths(activatedOn, asOf)).toBe(months);
  });

  it('of a number activated on a leap day is a year on the last day of the next February', () => {
    expect(tenureMonths('2024-02-29', '2025-02-27')).toBe(11);
    expect(tenureMonths('2024-02-29', '2025-02-28')).toBe(12);
    expect(tenureMonths('2024-02-29', '2028-02-28')).toBe(47);
    expect(tenureMonths('2024-02-29', '2028-02-29')).toBe(48);
  });

  it('counts the last day of a short month as a full month', () => {
    expect(tenureMonths('2025-01-31', '2025-02-27')).toBe(0);
    expect(tenureMonths('2025-01-31', '2025-02-28')).toBe(1);
    expect(tenureMonths('2025-01-31', '2025-03-30')).toBe(1);
    expect(tenureMonths('2025-01-31', '2025-03-31')).toBe(2);
    expect(tenureMonths('2025-01-31', '2025-04-30')).toBe(3);
  });

  it('is nothing before the activation', () => {
    expect(tenureMonths('2025-06-01', '2025-05-01')).toBe(0);
  });

  it('never shrinks as days go by, and grows by twelve a year', () => {
    const day = fc.date({ min: new Date('1999-01-01'), max: new Date('2050-12-31'), noInvalidDate: true });
    const text = (date: Date): string => date.toISOString().slice(0, 10);
    fc.assert(
      fc.property(day, fc.integer({ min: 0, max: 20_000 }), (from, days) => {
        const later = new Date(from.getTime() + days * 86_400_000);
        const months = tenureMonths(text(from), text(later));
        const nextDay = tenureMonths(text(from), text(new Date(later.getTime() + 86_400_000)));
        expect(nextDay - months).toBeGreaterThanOrEqual(0);
        expect(nextDay - months).toBeLessThanOrEqual(1);
        expect(tenureMonths(text(from), `${from.getUTCFullYear() + 10}${text(from).slice(4)}`)).toBe(120);
      }),
      { numRuns: 2000 },
    );
  });
});
