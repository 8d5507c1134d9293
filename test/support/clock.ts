import { Clock } from '../../src/platform/clock/index.js';

/** A clock that stands where the test puts it. */
export class TestClock extends Clock {
  time: Date;

  constructor(instant: Date | string = '2026-02-01T09:00:00+08:00') {
    super();
    this.time = new Date(instant);
  }

  now(): Date {
    return this.time;
  }

  set(instant: Date | string): void {
    this.time = new Date(instant);
  }

  pass(seconds: number): void {
    this.time = new Date(this.time.getTime() + seconds * 1000);
  }
}
