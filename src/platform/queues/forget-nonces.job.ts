import { Injectable } from '@nestjs/common';
import { Clock } from '../clock/index.js';
import { Nonces } from '../identity/index.js';
import { defineJob, ProcessesJob, type JobProcessor } from './job.js';

const ForgetNonces = defineJob('platform.forget-nonces', { timetable: { cron: '*/10 * * * *' } });

/** Throws away the nonces of signatures that are too old to be used again: busy systems sign millions of requests a day. */
@Injectable()
@ProcessesJob(ForgetNonces)
export class ForgetNoncesJob implements JobProcessor<object> {
  constructor(
    private readonly clock: Clock,
    private readonly nonces: Nonces,
  ) {}

  async process(): Promise<void> {
    await this.nonces.purge(this.clock.now());
  }
}
