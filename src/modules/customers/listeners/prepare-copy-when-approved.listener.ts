import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/index.js';
import { ListensTo, type Delivered, type Listener } from '../../../platform/events/index.js';
import { Jobs } from '../../../platform/queues/index.js';
import { SubjectCopyApproved } from '../domain/events.js';
import { PrepareSubjectExports } from '../jobs/prepare-subject-exports.job.js';

type Approved = { readonly customerId: string; readonly exportId: string };

/** The job is a hint: one that comes twice, or not at all, changes nothing but when. */
@Injectable()
@ListensTo(SubjectCopyApproved)
export class PrepareCopyWhenApproved implements Listener<Approved> {
  constructor(private readonly jobs: Jobs) {}

  async handle(_: Tx, { payload: { exportId } }: Delivered<Approved>): Promise<void> {
    await this.jobs.add(PrepareSubjectExports, { exportId }, { jobId: exportId });
  }
}
