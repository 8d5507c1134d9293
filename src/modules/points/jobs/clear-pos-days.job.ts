import { Injectable } from '@nestjs/common';
import { defineJob, ProcessesJob, type JobProcessor } from '../../../platform/queues/index.js';
import { ClearPosDays } from '../application/holds/clear-pos-days.js';

// Whoever began before midnight has ended by then.
const ClearEveryNight = defineJob('points.clear-pos-days', { lane: 'long', timetable: { cron: '20 0 * * *' } });

@ProcessesJob(ClearEveryNight)
@Injectable()
export class ClearPosDaysJob implements JobProcessor<object> {
  constructor(private readonly clearing: ClearPosDays) {}

  async process(): Promise<void> {
    await this.clearing.execute();
  }
}
