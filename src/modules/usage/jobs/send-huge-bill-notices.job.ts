import { Injectable } from '@nestjs/common';
import { defineJob, ProcessesJob, type JobDelivery, type JobProcessor } from '../../../platform/queues/index.js';
import { SendHugeBillNotices } from '../application/send-huge-bill-notices.js';

const SendNoticesOfHugeBills = defineJob('usage.send-huge-bill-notices', {
  timetable: { everyMs: 30_000 },
  attempts: 1,
});

@Injectable()
@ProcessesJob(SendNoticesOfHugeBills)
export class SendHugeBillNoticesJob implements JobProcessor<Record<never, never>> {
  constructor(private readonly sending: SendHugeBillNotices) {}

  process(_: Record<never, never>, { stopping }: JobDelivery): Promise<void> {
    return this.sending.execute(stopping);
  }
}
