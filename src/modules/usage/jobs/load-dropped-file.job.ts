import { Injectable } from '@nestjs/common';
import { defineJob, ProcessesJob, type JobDelivery, type JobProcessor } from '../../../platform/queues/index.js';
import { LoadDroppedFile } from '../application/load-dropped-file.js';

const ATTEMPTS = 5;

/** `name` is one of the contract: source, kind, province, date and sequence. */
export const LoadDroppedFileNow = defineJob<{ readonly name: string }>('usage.load-dropped-file', {
  lane: 'long',
  attempts: ATTEMPTS,
  backoffMs: 2_000,
});

@ProcessesJob(LoadDroppedFileNow)
@Injectable()
export class LoadDroppedFileJob implements JobProcessor<{ readonly name: string }> {
  constructor(private readonly loading: LoadDroppedFile) {}

  async process({ name }: { readonly name: string }, { attempt }: Pick<JobDelivery, 'attempt'>): Promise<void> {
    try {
      await this.loading.execute(name);
    } catch (error) {
      if (attempt < ATTEMPTS) throw error;
      await this.loading.giveUp(name, attempt);
    }
  }
}
