import { Injectable } from '@nestjs/common';
import { defineJob, ProcessesJob, type JobProcessor } from '../../../platform/queues/index.js';
import { ProofOfTheNight } from '../application/proof/proof-of-the-night.js';

/** After the runs of the night have posted. */
const ProveEveryNight = defineJob('points.prove', { timetable: { cron: '40 5 * * *' }, lane: 'long' });

@ProcessesJob(ProveEveryNight)
@Injectable()
export class ProvePointsEveryNightJob implements JobProcessor<object> {
  constructor(private readonly proving: ProofOfTheNight) {}

  async process(): Promise<void> {
    await this.proving.execute();
  }
}
