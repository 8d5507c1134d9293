import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import { TooManyRecords } from '../domain/refusals.js';
import { SourceRegister } from '../persistence/source-register.js';
import { IntakeMetrics } from './intake-metrics.js';

const MINUTE_MS = 60_000;
/** A limit that was changed holds after so long. */
const REMEMBERED_MS = 5_000;

interface Rate {
  readonly limit: number | undefined;
  readonly askedAt: number;
  minute: number;
  records: number;
}

/** Holds each source to the records per minute that were agreed with it; of each process that serves the API. */
@Injectable()
export class RecordRate {
  readonly #rates = new Map<string, Rate>();

  constructor(
    private readonly clock: Clock,
    private readonly sources: SourceRegister,
    private readonly metrics: IntakeMetrics,
  ) {}

  /** @throws TooManyRecords when the minute is full; the first batch of a minute is taken whatever its size. */
  async admit(source: string, records: number): Promise<void> {
    const now = this.clock.now().getTime();
    const rate = await this.#rateOf(source, now);
    if (rate.limit === undefined) return;
    const minute = Math.floor(now / MINUTE_MS);
    if (rate.minute !== minute) Object.assign(rate, { minute, records: 0 });
    if (rate.records > 0 && rate.records + records > rate.limit) {
      this.metrics.comeLater('rate');
      throw new TooManyRecords(Math.ceil(((minute + 1) * MINUTE_MS - now) / 1000));
    }
    rate.records += records;
  }

  async #rateOf(source: string, now: number): Promise<Rate> {
    const known = this.#rates.get(source);
    if (known && Math.abs(now - known.askedAt) < REMEMBERED_MS) return known;
    const limit = (await this.sources.find(source))?.recordsPerMinute;
    const before = this.#rates.get(source);
    const rate = { limit, askedAt: now, minute: before?.minute ?? 0, records: before?.records ?? 0 };
    this.#rates.set(source, rate);
    return rate;
  }
}
