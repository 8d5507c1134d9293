import { Injectable } from '@nestjs/common';
import { defineJob, ProcessesJob, type JobProcessor } from '../../../platform/queues/index.js';
import { PrepareSubjectExport } from '../application/prepare-subject-export.js';

/** Without an id: all that wait, and the end of those that are no longer kept. */
export const PrepareSubjectExports = defineJob<{ readonly exportId?: string }>('customers.prepare-subject-exports', {
  lane: 'long',
  timetable: { everyMs: 10 * 60_000 },
});

@Injectable()
@ProcessesJob(PrepareSubjectExports)
export class PrepareSubjectExportsJob implements JobProcessor<{ readonly exportId?: string }> {
  constructor(private readonly prepare: PrepareSubjectExport) {}

  process({ exportId }: { readonly exportId?: string }): Promise<void> {
    return exportId === undefined ? this.prepare.sweep() : this.prepare.execute(exportId);
  }
}
