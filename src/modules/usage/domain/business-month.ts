const DAY_MS = 86_400_000;
const SHANGHAI_OFFSET_MS = 8 * 3_600_000;

const months = new Map<number, number>();

/** The business month (Asia/Shanghai) of an instant in epoch milliseconds, as days from 1970-01-01 to its first day. */
export function businessMonthDay(epochMs: number): number {
  const day = Math.floor((epochMs + SHANGHAI_OFFSET_MS) / DAY_MS);
  let first = months.get(day);
  if (first === undefined) {
    const date = new Date(day * DAY_MS);
    first = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1) / DAY_MS;
    if (months.size > 10_000) months.clear(); // a file of garbage may name every day of three centuries
    months.set(day, first);
  }
  return first;
}

/** Epoch milliseconds at which the day `YYYY-MM-DD` begins in Shanghai. */
export const startOfBusinessDay = (date: string): number => dayOfDate(date) * DAY_MS - SHANGHAI_OFFSET_MS;

/** The first and the last millisecond of the business month that begins on a day (counted from 1970-01-01). */
export function businessMonth(firstDay: number): readonly [from: number, until: number] {
  const date = new Date(firstDay * DAY_MS);
  const next = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
  return [firstDay * DAY_MS - SHANGHAI_OFFSET_MS, next - SHANGHAI_OFFSET_MS - 1];
}

/** Days since 1970-01-01 of `YYYY-MM-DD`. */
export const dayOfDate = (date: string): number => Date.parse(`${date}T00:00:00Z`) / DAY_MS;
