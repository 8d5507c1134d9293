import { Injectable } from '@nestjs/common';
import { defineJob, ProcessesJob, type JobProcessor } from '../../../platform/queues/index.js';
import { ExpireHoldsAtMerchants } from '../application/holds/expire-holds-at-merchants.js';

const ExpireEveryMinute = defineJob('points.expire-holds-at-merchants', { timetable: { everyMs: 60_000 } });

@ProcessesJob(ExpireEveryMinute)
@Injectable()
export class ExpireHoldsAtMerchantsJob implements JobProcessor<object> {
  constructor(private readonly expiring: ExpireHoldsAtMerchants) {}

  async process(): Promise<void> {
    await this.expiring.execute();
  }
}
