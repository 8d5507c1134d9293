import { Injectable } from '@nestjs/common';
import { defineJob, ProcessesJob, type JobProcessor } from '../../../platform/queues/index.js';
import { LapseTransfers } from '../application/transfers/transfer-points.js';

const LapseEveryHour = defineJob('points.lapse-transfers', { timetable: { everyMs: 3_600_000 } });

@ProcessesJob(LapseEveryHour)
@Injectable()
export class LapseTransfersJob implements JobProcessor<object> {
  constructor(private readonly lapsing: LapseTransfers) {}

  async process(): Promise<void> {
    await this.lapsing.execute();
  }
}
