/** The only place from which the application learns what time it is. Domain functions take `now` as an argument. */
export abstract class Clock {
  abstract now(): Date;
}

export class SystemClock extends Clock {
  now(): Date {
    return new Date();
  }
}

const SHANGHAI_OFFSET_MS = 8 * 3_600_000; // Asia/Shanghai has had no daylight saving since 1991.

/** The business day (Asia/Shanghai) of an instant, `YYYY-MM-DD`. */
export function businessDate(instant: Date): string {
  return new Date(instant.getTime() + SHANGHAI_OFFSET_MS).toISOString().slice(0, 10);
}

/** The business month (Asia/Shanghai) of an instant, `YYYY-MM`. */
export function businessMonth(instant: Date): string {
  return businessDate(instant).slice(0, 7);
}
