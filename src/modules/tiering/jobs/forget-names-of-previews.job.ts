import { Injectable } from '@nestjs/common';
import { defineJob, ProcessesJob, type JobProcessor } from '../../../platform/queues/index.js';
import { ForgetNamesOfPreviews } from '../application/forget-names-of-previews.js';

const ForgetNames = defineJob('tiering.forget-names-of-previews', { timetable: { cron: '15 0 * * *' } });

@ProcessesJob(ForgetNames)
@Injectable()
export class ForgetNamesOfPreviewsJob implements JobProcessor<object> {
  constructor(private readonly forgetting: ForgetNamesOfPreviews) {}

  process(): Promise<void> {
    return this.forgetting.execute();
  }
}
