import { Injectable } from '@nestjs/common';
import { defineJob, ProcessesJob, type JobDelivery, type JobProcessor } from '../../../platform/queues/index.js';
import { ReconcileDays } from '../application/reconcile-days.js';

/** After the files of the night, before people come to work. */
const Reconcile = defineJob('usage.reconcile-days', { timetable: { cron: '30 6 * * *' }, lane: 'long' });

@Injectable()
@ProcessesJob(Reconcile)
export class ReconcileDaysJob implements JobProcessor<object> {
  constructor(private readonly reconciling: ReconcileDays) {}

  process(_: object, { stopping }: JobDelivery): Promise<void> {
    return this.reconciling.execute(stopping);
  }
}
