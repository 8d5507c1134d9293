import { Injectable } from '@nestjs/common';
import { defineJob, ProcessesJob, type JobProcessor } from '../../../platform/queues/index.js';
import { WatchFeeds } from '../application/watch-feeds.js';

const WatchFeedsOfSources = defineJob('usage.watch-feeds', { timetable: { everyMs: 60_000 } });

@ProcessesJob(WatchFeedsOfSources)
@Injectable()
export class WatchFeedsJob implements JobProcessor<object> {
  constructor(private readonly watch: WatchFeeds) {}

  async process(): Promise<void> {
    await this.watch.execute();
  }
}
