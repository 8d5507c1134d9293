import { Inject, Injectable, Logger } from '@nestjs/common';
import { Recurring } from '../clock/recurring.js';
import { errorWithoutData } from '../errors/index.js';
import { JOBS_TO_PROCESS } from './job-registry.js';
import type { JobType, Lane, Timetable } from './job.js';
import { Jobs, schedulerId } from './jobs.js';
import { RunRegistry } from './runs/run-registry.js';
import { StartScheduledRun } from './runs/start-scheduled-run.job.js';

interface Entry {
  readonly job: JobType<object>;
  readonly key: string | undefined;
  readonly timetable: Timetable;
  readonly payload: object;
}

const LANES: readonly Lane[] = ['quick', 'long'];
const LOOK_AGAIN_MS = 5_000;

/**
 * Sees to it that the queue holds the timetables of this release: at boot, and again and again, because a queue may lose
 * them. One that names a job which no longer exists is taken out.
 */
@Injectable()
export class KeepTimetables extends Recurring {
  private readonly logger = new Logger(KeepTimetables.name);

  constructor(
    private readonly jobs: Jobs,
    private readonly runs: RunRegistry,
    @Inject(JOBS_TO_PROCESS) private readonly known: () => readonly JobType<object>[],
  ) {
    super(LOOK_AGAIN_MS);
  }

  protected async takeTurn(): Promise<void> {
    for (const lane of LANES) await this.keep(lane);
  }

  protected onFailure(error: unknown): void {
    this.logger.warn(`Will look at the timetables again: ${errorWithoutData(error)}`);
  }

  private async keep(lane: Lane): Promise<void> {
    const queue = this.jobs.queueOf(lane);
    const held = new Map((await queue.getJobSchedulers()).map((scheduler) => [scheduler.key, scheduler]));
    for (const { job, key, timetable, payload } of this.entries().filter((entry) => entry.job.lane === lane)) {
      const now = held.get(schedulerId(job, key));
      const isKept = 'cron' in timetable ? now?.pattern === timetable.cron : Number(now?.every) === timetable.everyMs;
      if (!isKept) await this.jobs.schedule(job, timetable, payload, key);
    }
    const known = new Set(this.known().map(({ name }) => name));
    for (const { key, name } of held.values()) {
      if (known.has(name)) continue;
      this.logger.warn(`The timetable of ${name} is taken out: this release knows no such job`);
      await queue.removeJobScheduler(key);
    }
  }

  private entries(): readonly Entry[] {
    return [
      ...this.known().flatMap((job) =>
        job.timetable ? [{ job, key: undefined, timetable: job.timetable, payload: {} }] : [],
      ),
      ...this.runs
        .all()
        .flatMap(({ kind, schedule }) =>
          schedule ? [{ job: StartScheduledRun, key: kind, timetable: schedule.timetable, payload: { kind } }] : [],
        ),
    ];
  }
}
