import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/index.js';
import { IdempotencyKeys } from '../http/index.js';
import { defineJob, ProcessesJob, type JobProcessor } from './job.js';

const KeepHouse = defineJob('platform.keep-house', { timetable: { cron: '20 3 * * *' } });

const IDEMPOTENCY_KEYS_LIVE_MS = 48 * 3_600_000;

/** Throws away what has served: stored answers that no client will ask for again. */
@Injectable()
@ProcessesJob(KeepHouse)
export class KeepHouseJob implements JobProcessor<object> {
  constructor(
    private readonly clock: Clock,
    private readonly idempotencyKeys: IdempotencyKeys,
  ) {}

  async process(): Promise<void> {
    await this.idempotencyKeys.purge(new Date(this.clock.now().getTime() - IDEMPOTENCY_KEYS_LIVE_MS));
  }
}
