import { Injectable } from '@nestjs/common';
import { defineJob, ProcessesJob, type JobDelivery, type JobProcessor } from '../../../platform/queues/index.js';
import { KeepOutgoingFolder } from '../application/keep-outgoing-folder.js';
import { PublishFiles } from '../application/publish-files.js';

/** The files of a day come minutes after it is over; what was left undone is found by the same look. */
const KeepFeedFiles = defineJob('boss-feed.keep-files', { lane: 'long', timetable: { cron: '*/5 * * * *' } });

@Injectable()
@ProcessesJob(KeepFeedFiles)
export class KeepFeedFilesJob implements JobProcessor<object> {
  constructor(
    private readonly publish: PublishFiles,
    private readonly folder: KeepOutgoingFolder,
  ) {}

  async process(_: object, { stopping }: JobDelivery): Promise<void> {
    await this.publish.execute(stopping);
    await this.folder.execute(stopping);
  }
}
