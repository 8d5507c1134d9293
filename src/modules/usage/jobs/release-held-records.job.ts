import { Injectable } from '@nestjs/common';
import { defineJob, ProcessesJob, type JobProcessor } from '../../../platform/queues/index.js';
import { ReleaseHeldRecords } from '../application/release-held-records.js';

/** Intakes release what they make possible; that the time of a record has come, nobody else says. */
const ReleaseHeld = defineJob('usage.release-held-records', { timetable: { everyMs: 600_000 } });

@Injectable()
@ProcessesJob(ReleaseHeld)
export class ReleaseHeldRecordsJob implements JobProcessor<object> {
  constructor(private readonly release: ReleaseHeldRecords) {}

  async process(): Promise<void> {
    await this.release.execute();
  }
}
