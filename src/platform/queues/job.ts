import { DiscoveryService } from '@nestjs/core';

/** Where a job waits: `quick` ones (milliseconds to seconds) never stand behind `long` ones (minutes). */
export type Lane = 'quick' | 'long';

/** When a scheduled job is due: a cron pattern in Asia/Shanghai (`'30 2 * * *'`), or every so many milliseconds. */
export type Timetable = { readonly cron: string } | { readonly everyMs: number };

export interface JobOptions {
  /** Default `quick`. */
  readonly lane?: Lane;
  /** How often it is tried before it counts as failed. Default 5. */
  readonly attempts?: number;
  /** Wait before the second attempt; doubles from one attempt to the next. Default 500. */
  readonly backoffMs?: number;
  /** It also comes by itself, with an empty payload. The workers see to it that the timetable is kept. */
  readonly timetable?: Timetable;
}

/** A kind of job, named `module.what-it-does`. Made by {@link defineJob}. */
export interface JobType<Payload extends object> {
  readonly name: string;
  readonly lane: Lane;
  readonly attempts: number;
  readonly backoffMs: number;
  readonly timetable: Timetable | undefined;
  /** Only for the compiler: carries the payload's type, never a value. */
  readonly payload?: Payload;
}

const declared = new Map<string, JobType<object>>();

/** Every job that the loaded code declares. */
export const declaredJobs = (): readonly JobType<object>[] => [...declared.values()];

/** Thrown while the code loads: two jobs share a name. */
export class JobDeclaredTwice extends Error {
  constructor(name: string) {
    super(`Two jobs are called ${name}`);
    this.name = 'JobDeclaredTwice';
  }
}

/**
 * Declares a job in its module's `jobs/`. A job is a hint that something is to be done: the fact that it is to be done is a
 * row, and a sweep finds it when the hint is lost. A job may come twice. Payloads hold ids, never personal data.
 * @throws JobDeclaredTwice
 */
export function defineJob<Payload extends object = Record<never, never>>(
  name: `${string}.${string}`,
  { lane = 'quick', attempts = 5, backoffMs = 500, timetable }: JobOptions = {},
): JobType<Payload> {
  if (declared.has(name)) throw new JobDeclaredTwice(name);
  const job: JobType<Payload> = { name, lane, attempts, backoffMs, timetable };
  declared.set(name, job);
  return job;
}

export interface JobDelivery {
  readonly jobId: string;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** Aborted when the process is asked to stop: a long job then leaves off at a good place and returns. */
  readonly stopping: AbortSignal;
}

/** What runs a job. A thrown error is a failed attempt. */
export interface JobProcessor<Payload extends object> {
  process(payload: Payload, delivery: JobDelivery): Promise<void>;
}

export const ProcessingMetadata = DiscoveryService.createDecorator<JobType<object>>();

/** Makes a provider of the worker role the processor of a job. The worker refuses to boot unless each job has exactly one. */
export function ProcessesJob<Payload extends object>(
  job: JobType<Payload>,
): (processor: abstract new (...args: never[]) => JobProcessor<Payload>) => void {
  return (processor) => ProcessingMetadata(job)(processor);
}
