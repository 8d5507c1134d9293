import { Injectable } from '@nestjs/common';
import { defineJob, ProcessesJob, type JobProcessor } from '../../../platform/queues/index.js';
import { PurgeSelfService } from '../application/purge-self-service.js';

const PurgeSelfServiceHourly = defineJob('customers.purge-self-service', { timetable: { cron: '7 * * * *' } });

@ProcessesJob(PurgeSelfServiceHourly)
@Injectable()
export class PurgeSelfServiceJob implements JobProcessor<object> {
  constructor(private readonly purging: PurgeSelfService) {}

  async process(): Promise<void> {
    await this.purging.execute();
  }
}
