import { Injectable } from '@nestjs/common';
import { defineJob, type JobDelivery, type JobProcessor, ProcessesJob } from '../../../platform/queues/index.js';
import { SendOrdersToBoss } from '../application/exchange/send-orders-to-boss.js';

/** The orders that wait are rows: a look that is missed is made up for by the next one. */
export const LookForOrdersToSend = defineJob('points.send-orders', { timetable: { everyMs: 5_000 } });

@ProcessesJob(LookForOrdersToSend)
@Injectable()
export class SendOrdersToBossJob implements JobProcessor<Record<never, never>> {
  constructor(private readonly sending: SendOrdersToBoss) {}

  async process(_: Record<never, never>, { stopping }: JobDelivery): Promise<void> {
    await this.sending.execute(stopping);
  }
}
