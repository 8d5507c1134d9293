import { createPostgresBackend, createRedisBackend, type Processor, Queue, type WorkerOptions, Worker } from 'bullmq';
import type { Lane } from './job.js';

// A job whose worker was killed waits for another one about ten seconds at most.
const STALLED = {
  lockDuration: 6_000,
  stalledInterval: 2_000,
  // BullMQ fails a job whose workers died more often than this. A deployment kills workers; that is not the job's fault.
  maxStalledCount: 1_000,
} satisfies Partial<WorkerOptions>;

// The few calls of BullMQ that the platform uses; both backends have them, under types that do not meet.
export type LaneQueue = Pick<
  Queue,
  | 'add'
  | 'addBulk'
  | 'upsertJobScheduler'
  | 'removeJobScheduler'
  | 'getJobSchedulers'
  | 'getJobCounts'
  | 'getFailed'
  | 'close'
>;
export type LaneWorker = Pick<Worker, 'run' | 'close' | 'waitUntilReady'> & {
  on(event: 'error', listener: (error: Error) => void): unknown;
};

/** Where the jobs wait. Losing it loses no fact. */
export abstract class QueueBackend {
  abstract readonly kind: 'postgres' | 'redis';
  abstract openQueue(lane: Lane): LaneQueue;
  abstract openWorker(lane: Lane, process: Processor, concurrency: number): LaneWorker;
}

const queueName = (lane: Lane): string => `guibin-${lane}`;

/** BullMQ's tables in a schema of their own on the application's server; `url` belongs to the owner of the database. */
export class PostgresQueueBackend extends QueueBackend {
  readonly kind = 'postgres';

  constructor(private readonly url: string) {
    super();
  }

  openQueue(lane: Lane): LaneQueue {
    const queue = new Queue(queueName(lane), { connection: this.connection(2) }, createPostgresBackend);
    queue.on('error', () => undefined); // every call rejects by itself; this event only repeats it
    return queue as unknown as LaneQueue;
  }

  openWorker(lane: Lane, process: Processor, concurrency: number): LaneWorker {
    const connection = this.connection(Math.min(concurrency, 4) + 1);
    return new Worker(
      queueName(lane),
      process,
      { connection, concurrency, autorun: false, ...STALLED },
      createPostgresBackend,
    ) as unknown as LaneWorker;
  }

  private connection(max: number): { connectionString: string; schema: string; migrate: boolean; max: number } {
    return { connectionString: this.url, schema: 'bullmq', migrate: true, max };
  }
}

export class RedisQueueBackend extends QueueBackend {
  readonly kind = 'redis';

  constructor(private readonly url: string) {
    super();
  }

  openQueue(lane: Lane): LaneQueue {
    // A producer must not hang in a request while Redis is away: it fails, and the sweep finds the row later.
    const connection = { url: this.url, maxRetriesPerRequest: 1, enableOfflineQueue: true };
    const queue = new Queue(queueName(lane), { connection }, createRedisBackend);
    queue.on('error', () => undefined);
    return queue;
  }

  openWorker(lane: Lane, process: Processor, concurrency: number): LaneWorker {
    const connection = { url: this.url, maxRetriesPerRequest: null };
    return new Worker(
      queueName(lane),
      process,
      { connection, concurrency, autorun: false, ...STALLED },
      createRedisBackend,
    );
  }
}
