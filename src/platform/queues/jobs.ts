import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { JobsOptions } from 'bullmq';
import type { JobType, Lane, Timetable } from './job.js';
import { QueueBackend, type LaneQueue } from './queue-backend.js';

export interface AddOptions {
  /** While a job of this kind with this id waits or runs, adding it again adds nothing. Saves work; protects no money. */
  readonly jobId?: string;
  readonly delayMs?: number;
}

const MAX_PAYLOAD_BYTES = 4096; // ids only: whatever is larger is data that belongs into a table
const KEPT = { removeOnComplete: { count: 100 }, removeOnFail: { count: 1000, age: 14 * 86_400 } };

/** Asks for work to be done later, or again and again. Safe in every role; call it after the commit, never inside. */
@Injectable()
export class Jobs implements OnApplicationShutdown {
  private readonly queues = new Map<Lane, LaneQueue>();

  constructor(private readonly backend: QueueBackend) {}

  async add<Payload extends object>(job: JobType<Payload>, payload: Payload, options: AddOptions = {}): Promise<void> {
    await this.queueOf(job.lane).add(job.name, payload, bullOptions(job, options));
  }

  /** Many at once, in one round trip. */
  async addMany<Payload extends object>(
    job: JobType<Payload>,
    entries: readonly ({ readonly payload: Payload } & AddOptions)[],
  ): Promise<void> {
    if (entries.length === 0) return;
    await this.queueOf(job.lane).addBulk(
      entries.map(({ payload, ...options }) => ({ name: job.name, data: payload, opts: bullOptions(job, options) })),
    );
  }

  /**
   * Adds the job by timetable from now on. The same job (and `key`, when it has several timetables) again replaces the
   * timetable, so every worker may say it at every boot.
   */
  async schedule<Payload extends object>(
    job: JobType<Payload>,
    timetable: Timetable,
    payload: Payload,
    key?: string,
  ): Promise<void> {
    const repeat =
      'cron' in timetable ? { pattern: timetable.cron, tz: 'Asia/Shanghai' } : { every: timetable.everyMs };
    await this.queueOf(job.lane).upsertJobScheduler(schedulerId(job, key), repeat, {
      name: job.name,
      data: payload,
      opts: { ...KEPT, attempts: job.attempts, backoff: { type: 'exponential', delay: job.backoffMs } },
    });
  }

  async unschedule(job: JobType<object>, key?: string): Promise<void> {
    await this.queueOf(job.lane).removeJobScheduler(schedulerId(job, key));
  }

  /** The lane itself, for what only the platform does: workers, metrics, tests. */
  queueOf(lane: Lane): LaneQueue {
    const open = this.queues.get(lane);
    if (open) return open;
    const queue = this.backend.openQueue(lane);
    this.queues.set(lane, queue);
    return queue;
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.queues.values()].map((queue) => queue.close()));
    this.queues.clear();
  }
}

function bullOptions(job: JobType<object>, { jobId, delayMs }: AddOptions): JobsOptions {
  return {
    ...KEPT,
    sizeLimit: MAX_PAYLOAD_BYTES,
    attempts: job.attempts,
    backoff: { type: 'exponential', delay: job.backoffMs },
    ...(delayMs !== undefined && { delay: delayMs }),
    // Not BullMQ's own job id: a finished job keeps that one taken until it is removed.
    ...(jobId !== undefined && { deduplication: { id: withoutColons(`${job.name}/${jobId}`) } }),
  };
}

export const schedulerId = (job: JobType<object>, key?: string): string =>
  withoutColons(key === undefined ? job.name : `${job.name}/${key}`);

/** BullMQ builds its own keys with colons. */
const withoutColons = (id: string): string => id.replaceAll(':', '%3A');
