import { Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { type Job, UnrecoverableError } from 'bullmq';
import { Settings } from '../config/index.js';
import { errorWithoutData, framesOf } from '../errors/index.js';
import { JobRegistry } from './job-registry.js';
import type { Lane } from './job.js';
import { type LaneWorker, QueueBackend } from './queue-backend.js';

// The long lane is bound by the database, not by this process.
const LONG_JOBS_AT_ONCE = 2;

/** Takes jobs off the lanes and hands them to their processors, for as long as the process lives. */
@Injectable()
export class JobWorkers implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger(JobWorkers.name);
  private readonly stopping = new AbortController();
  private workers: readonly LaneWorker[] = [];

  constructor(
    private readonly backend: QueueBackend,
    private readonly registry: JobRegistry,
    private readonly settings: Settings,
  ) {}

  onApplicationBootstrap(): void {
    this.workers = [this.open('quick', this.settings.workerConcurrency), this.open('long', LONG_JOBS_AT_ONCE)];
  }

  /** Lets the jobs in hand come to an end; long ones are told to leave off. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.workers.map((worker) => worker.close()));
  }

  private open(lane: Lane, concurrency: number): LaneWorker {
    const worker = this.backend.openWorker(lane, (job) => this.process(job), concurrency);
    worker.on('error', (error) => this.logger.error(`The ${lane} lane: ${errorWithoutData(error)}`));
    void worker.run().catch((error: unknown) => {
      this.logger.error(`The ${lane} lane has stopped: ${errorWithoutData(error)}`, framesOf(error));
    });
    return worker;
  }

  private async process(job: Job): Promise<void> {
    const processor = this.registry.processorOf(job.name);
    if (!processor) throw new UnrecoverableError(`This release knows no job ${job.name}`);
    try {
      await processor.process(job.data as object, {
        jobId: job.id ?? '',
        attempt: job.attemptsMade + 1,
        stopping: this.stopping.signal,
      });
    } catch (error) {
      const text = errorWithoutData(error);
      this.logger.warn(`The job ${job.name} failed (attempt ${job.attemptsMade + 1}): ${text}\n${framesOf(error)}`);
      // The queue keeps an error's message, so it gets one that quotes nobody.
      throw new Error(text);
    }
  }
}
