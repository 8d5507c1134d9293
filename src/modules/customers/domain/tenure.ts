/**
 * Time in network (网龄) in full months from the day of activation to `asOf`, never negative. Both are business days
 * `YYYY-MM-DD`.
 *
 * A month is full on the day of the month on which it began; where that month has no such day, on its last day. So a number
 * activated on 29 February has twelve months on 28 February of the next year, and one of 31 January has one on 28 February.
 */
export function tenureMonths(activatedOn: string, asOf: string): number {
  const from = dayOf(activatedOn);
  const to = dayOf(asOf);
  const months = (to.year - from.year) * 12 + (to.month - from.month);
  const isLastDay = to.day === lastDayOf(to.year, to.month);
  const isFull = to.day >= from.day || isLastDay;
  return Math.max(0, isFull ? months : months - 1);
}

function dayOf(date: string): { readonly year: number; readonly month: number; readonly day: number } {
  return { year: Number(date.slice(0, 4)), month: Number(date.slice(5, 7)), day: Number(date.slice(8, 10)) };
}

const lastDayOf = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();
