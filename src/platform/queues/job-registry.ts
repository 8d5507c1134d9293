import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { declaredJobs, type JobProcessor, type JobType, ProcessingMetadata } from './job.js';

/** Thrown when a worker boots: the job would wait for ever. */
export class JobWithoutProcessor extends Error {
  constructor(job: string) {
    super(`No provider processes the job ${job}: is its workers module imported?`);
    this.name = 'JobWithoutProcessor';
  }
}

/** Thrown when a worker boots: which of the two would get the job? */
export class JobWithTwoProcessors extends Error {
  constructor(job: string, processors: readonly string[]) {
    super(`The job ${job} has several processors: ${processors.join(', ')}`);
    this.name = 'JobWithTwoProcessors';
  }
}

/** Which jobs must have a processor: all that the loaded code declares. */
export const JOBS_TO_PROCESS = Symbol('JOBS_TO_PROCESS');

/** Which provider runs which job. */
@Injectable()
export class JobRegistry implements OnModuleInit {
  private readonly processors = new Map<string, JobProcessor<object>>();

  constructor(
    private readonly discovery: DiscoveryService,
    @Inject(JOBS_TO_PROCESS) private readonly jobs: () => readonly JobType<object>[],
  ) {}

  /**
   * Before anything starts to work.
   * @throws JobWithoutProcessor, JobWithTwoProcessors
   */
  onModuleInit(): void {
    const found = new Map<string, Map<unknown, string>>();
    for (const provider of this.discovery.getProviders({ metadataKey: ProcessingMetadata.KEY })) {
      const job = this.discovery.getMetadataByDecorator(ProcessingMetadata, provider);
      if (!job || !provider.instance) continue;
      const processors = found.get(job.name) ?? new Map<unknown, string>();
      found.set(job.name, processors.set(provider.instance, provider.name));
    }
    for (const { name } of this.jobs()) {
      const [first, ...others] = found.get(name) ?? [];
      if (!first) throw new JobWithoutProcessor(name);
      if (others.length > 0)
        throw new JobWithTwoProcessors(
          name,
          [first, ...others].map(([, processor]) => processor),
        );
      this.processors.set(name, first[0] as JobProcessor<object>);
    }
  }

  /** `undefined` for a job that this release does not know (any more). */
  processorOf(job: string): JobProcessor<object> | undefined {
    return this.processors.get(job);
  }
}

export const allDeclaredJobs = { provide: JOBS_TO_PROCESS, useValue: declaredJobs };
