import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { ListenerRegistry, Relay } from '../events/index.js';
import { allDeclaredJobs, JobRegistry } from './job-registry.js';
import { JobWorkers } from './job-workers.js';
import { KeepTimetables } from './keep-timetables.js';
import { ExecuteRunJob } from './runs/execute-run.job.js';
import { StartScheduledRunJob } from './runs/start-scheduled-run.job.js';
import { SweepRuns } from './runs/sweep-runs.js';

/** Doing the work: imported only by processes in the role `worker` or `all`. */
@Module({
  imports: [DiscoveryModule],
  providers: [
    allDeclaredJobs,
    JobRegistry,
    ListenerRegistry,
    Relay,
    ExecuteRunJob,
    StartScheduledRunJob,
    JobWorkers,
    KeepTimetables,
    SweepRuns,
  ],
  exports: [Relay, JobRegistry],
})
export class WorkersModule {}
