import type { Window } from './rule.js';

/** Months `from` ≤ month < `to`, both as the first day, 'YYYY-MM-01'. Empty when they are equal. */
export interface MonthSpan {
  readonly from: string;
  readonly to: string;
}

/**
 * The months that a window means on `asOf` ('YYYY-MM-DD', a business day); the month of `asOf` itself is not over yet.
 * @param anniversaryMonth for an anniversary year: the month of the year (1–12) in which the customer was activated, null for one who
 * never was.
 */
export function monthsOf(window: Window, asOf: string, anniversaryMonth?: number | null): MonthSpan {
  const current = monthNumber(asOf);
  switch (window.kind) {
    case 'rolling-months': {
      const end = current - (window.skip ?? 0);
      return { from: firstDay(end - window.months), to: firstDay(end) };
    }
    case 'calendar-year':
      return yearFrom(startBefore(current, 1), window.offset, current);
    case 'points-year':
      return yearFrom(startBefore(current, 12), window.offset, current);
    case 'anniversary-year':
      if (anniversaryMonth === undefined) throw new Error('the month of the anniversary is not known');
      if (anniversaryMonth === null) return { from: firstDay(current), to: firstDay(current) };
      return yearFrom(startBefore(current, anniversaryMonth), window.offset, current);
  }
}

/** The months that a window can mean on `asOf`, whoever is asked about. */
export function monthsOfAnybody(window: Window, asOf: string): MonthSpan {
  if (window.kind !== 'anniversary-year') return monthsOf(window, asOf);
  const current = monthNumber(asOf);
  // The year under way began within the last twelve months.
  return { from: firstDay(current - (window.offset === -1 ? 23 : 11)), to: firstDay(current) };
}

/** For each month of the year, January first: the first days on which a year from there began, the one under way or the one before. */
export function yearStarts(asOf: string, offset: 0 | -1): readonly string[] {
  const current = monthNumber(asOf);
  return Array.from({ length: 12 }, (_, i) => firstDay(startBefore(current, i + 1) + 12 * offset));
}

function yearFrom(start: number, offset: 0 | -1 | undefined, current: number): MonthSpan {
  return offset === -1
    ? { from: firstDay(start - 12), to: firstDay(start) }
    : { from: firstDay(start), to: firstDay(current) };
}

/** The newest month not after `current` that is this month of the year. */
function startBefore(current: number, monthOfYear: number): number {
  if (!Number.isInteger(monthOfYear) || monthOfYear < 1 || monthOfYear > 12)
    throw new Error(`not a month of the year: ${monthOfYear}`);
  return current - ((current + 13 - monthOfYear) % 12);
}

/** Months since the year 0. */
function monthNumber(day: string): number {
  const [, year, month] = /^(\d{4})-(0[1-9]|1[0-2])-\d{2}$/.exec(day) ?? [];
  if (year === undefined || month === undefined) throw new Error(`not a date: ${day}`);
  return Number(year) * 12 + Number(month) - 1;
}

function firstDay(monthNumber: number): string {
  const year = String(Math.floor(monthNumber / 12)).padStart(4, '0');
  return `${year}-${String((monthNumber % 12) + 1).padStart(2, '0')}-01`;
}
