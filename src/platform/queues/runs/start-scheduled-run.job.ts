import { Injectable } from '@nestjs/common';
import { Clock } from '../../clock/index.js';
import { defineJob, type JobProcessor, ProcessesJob } from '../job.js';
import { RunRegistry } from './run-registry.js';
import { Runs } from './runs.js';

export const StartScheduledRun = defineJob<{ kind: string }>('platform.start-scheduled-run');

/** The timetable only wakes it; which run is due is asked of the definition, so a late or second call starts no other. */
@Injectable()
@ProcessesJob(StartScheduledRun)
export class StartScheduledRunJob implements JobProcessor<{ kind: string }> {
  constructor(
    private readonly clock: Clock,
    private readonly registry: RunRegistry,
    private readonly runs: Runs,
  ) {}

  async process({ kind }: { kind: string }): Promise<void> {
    const { schedule } = this.registry.of(kind);
    if (schedule) await this.runs.start({ kind, ...schedule.due(this.clock.now()) });
  }
}
