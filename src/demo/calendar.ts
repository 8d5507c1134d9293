const DAY_MS = 86_400_000;
const TWO_DIGITS: readonly string[] = Array.from({ length: 100 }, (_, n) => String(n).padStart(2, '0'));

export function twoDigits(n: number): string {
  return TWO_DIGITS[n] ?? String(n);
}

/** One billing month in Asia/Shanghai. */
export interface BillingMonth {
  readonly year: number;
  /** 1–12 */
  readonly month: number;
  readonly days: number;
  /** `yyyyMM` */
  readonly cycle: string;
  /** `yyyy-MM` */
  readonly prefix: string;
  readonly firstDate: string;
}

/** The month `offset` months after `first` (`yyyy-MM`). */
export function billingMonth(first: string, offset: number): BillingMonth {
  const [startYear, startMonth] = first.split('-').map(Number);
  const date = new Date(Date.UTC(startYear ?? NaN, (startMonth ?? NaN) - 1 + offset, 1));
  const year = date.getUTCFullYear();
  const month = date.getUTCMonth() + 1;
  const prefix = `${year}-${twoDigits(month)}`;
  return {
    year,
    month,
    days: new Date(Date.UTC(year, month, 0)).getUTCDate(),
    cycle: `${year}${twoDigits(month)}`,
    prefix,
    firstDate: `${prefix}-01`,
  };
}

export function dateIn(month: BillingMonth, day: number): string {
  return `${month.prefix}-${twoDigits(day)}`;
}

/** `secondOfDay` 0 – 86,399, Asia/Shanghai. */
export function instantIn(month: BillingMonth, day: number, secondOfDay: number): string {
  const hours = twoDigits(Math.floor(secondOfDay / 3600));
  const minutes = twoDigits(Math.floor(secondOfDay / 60) % 60);
  return `${month.prefix}-${twoDigits(day)}T${hours}:${minutes}:${twoDigits(secondOfDay % 60)}+08:00`;
}

/** `yyyy-MM-dd` moved by whole days. */
export function daysAfter(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** `yyyy-MM-dd` moved by whole months; a day that the month lacks becomes its last one. */
export function monthsAfter(date: string, months: number): string {
  const target = billingMonth(date.slice(0, 7), months);
  return dateIn(target, Math.min(Number(date.slice(8, 10)), target.days));
}
