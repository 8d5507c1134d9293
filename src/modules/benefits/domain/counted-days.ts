/** A day whose level and quota count for so many months of a level year. */
export interface CountedDay {
  readonly day: string;
  readonly months: number;
}

/**
 * How a level year is shared out among the levels held in it (按月折算). Each of its twelve months counts as its last day stands; the month
 * of `today` and those to come count as today stands. All days 'YYYY-MM-DD', earliest first, the last one is today; months add up to 12.
 */
export function countedDays(yearFrom: string, today: string): readonly CountedDay[] {
  const days = Array.from({ length: 12 }, (_, month) => lastDay(yearFrom, month)).filter((day) => day < today);
  return [...days.map((day) => ({ day, months: 1 })), { day: today, months: 12 - days.length }];
}

/** Of the month that begins so many months after the first day of the year. A month that has no such day begins with its last one. */
function lastDay(yearFrom: string, month: number): string {
  const [year = 0, first = 1, day = 1] = yearFrom.split('-').map(Number);
  const daysInNext = new Date(Date.UTC(year, first + month + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, first + month, Math.min(day, daysInNext) - 1)).toISOString().slice(0, 10);
}
