import { Injectable } from '@nestjs/common';
import { defineJob, ProcessesJob, type JobProcessor } from '../../../platform/queues/index.js';
import { CloseAuctions } from '../application/auctions/close-auctions.js';

const CloseEveryMinute = defineJob('points.close-auctions', { timetable: { everyMs: 60_000 } });

@ProcessesJob(CloseEveryMinute)
@Injectable()
export class CloseAuctionsJob implements JobProcessor<object> {
  constructor(private readonly closing: CloseAuctions) {}

  async process(): Promise<void> {
    await this.closing.execute();
  }
}
