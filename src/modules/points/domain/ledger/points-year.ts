/**
 * The points year that a business day belongs to. It runs from 1 December to 30 November and is named after the year in
 * which it ends (PTS-10): 2025-12-01 is the first day of 2026.
 * @param date business day `YYYY-MM-DD`
 */
export function pointsYear(date: string): number {
  const year = Number(date.slice(0, 4));
  return date.slice(5, 7) === '12' ? year + 1 : year;
}

/** First and last day of a points year, both within it. */
export function daysOfPointsYear(year: number): { readonly from: string; readonly to: string } {
  return { from: `${year - 1}-12-01`, to: `${year}-11-30` };
}
