import { Injectable } from '@nestjs/common';
import { defineJob, ProcessesJob, type JobProcessor } from '../../../platform/queues/index.js';
import { SweepRouting } from '../application/sweep-routing.js';

export const SweepRoutingEverySecond = defineJob('routing.sweep', { timetable: { everyMs: 1000 }, attempts: 1 });

@ProcessesJob(SweepRoutingEverySecond)
@Injectable()
export class SweepRoutingJob implements JobProcessor<Record<never, never>> {
  constructor(private readonly sweeping: SweepRouting) {}

  async process(): Promise<void> {
    await this.sweeping.execute();
  }
}
