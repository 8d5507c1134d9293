import type { Window } from './rule.js';

/** Months `from` ≤ month < `to`, both as the first day, 'YYYY-MM-01'. Empty when they are equal. */
export interface MonthSpan {
  readonly from: string;
  readonly to: string;
}

/** The months that a window means on `asOf` ('YYYY-MM-DD', a business day); the month of `asOf` itself is not over yet. */
export function monthsOf(window: Window, asOf: string): MonthSpan {
  const [, year, month] = /^(\d{4})-(0[1-9]|1[0-2])-\d{2}$/.exec(asOf) ?? [];
  if (year === undefined || month === undefined) throw new Error(`not a date: ${asOf}`);
  const current = Number(year) * 12 + Number(month) - 1;
  switch (window.kind) {
    case 'rolling-months': {
      const end = current - (window.skip ?? 0);
      return { from: firstDay(end - window.months), to: firstDay(end) };
    }
    case 'calendar-year':
      return yearFrom(current - (current % 12), window.offset, current);
    case 'points-year':
      return yearFrom(current - ((current + 1) % 12), window.offset, current);
  }
}

function yearFrom(start: number, offset: 0 | -1 | undefined, current: number): MonthSpan {
  return offset === -1
    ? { from: firstDay(start - 12), to: firstDay(start) }
    : { from: firstDay(start), to: firstDay(current) };
}

function firstDay(monthNumber: number): string {
  const year = String(Math.floor(monthNumber / 12)).padStart(4, '0');
  return `${year}-${String((monthNumber % 12) + 1).padStart(2, '0')}-01`;
}
