import { Injectable } from '@nestjs/common';
import { defineJob, ProcessesJob, type JobProcessor } from '../../../platform/queues/index.js';
import { EraseFactsWithoutConsent } from '../application/erase-facts-without-consent.js';

const EraseFactsEveryFiveMinutes = defineJob('customers.erase-facts-without-consent', {
  timetable: { cron: '*/5 * * * *' },
});

@ProcessesJob(EraseFactsEveryFiveMinutes)
@Injectable()
export class EraseFactsWithoutConsentJob implements JobProcessor<object> {
  constructor(private readonly erasing: EraseFactsWithoutConsent) {}

  async process(): Promise<void> {
    await this.erasing.execute();
  }
}
