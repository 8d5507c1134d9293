import { Injectable } from '@nestjs/common';
import { defineJob, ProcessesJob, type JobProcessor } from '../../../platform/queues/index.js';
import { RetireEndedRuleSets } from '../application/retire-ended-rule-sets.js';

const RetireEveryNight = defineJob('tiering.retire-ended-rule-sets', { timetable: { cron: '5 0 * * *' } });

@ProcessesJob(RetireEveryNight)
@Injectable()
export class RetireEndedRuleSetsJob implements JobProcessor<object> {
  constructor(private readonly retiring: RetireEndedRuleSets) {}

  async process(): Promise<void> {
    await this.retiring.execute();
  }
}
