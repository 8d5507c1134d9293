import { Injectable } from '@nestjs/common';
import { defineJob, ProcessesJob, type JobProcessor } from '../../../platform/queues/index.js';
import { MarkOverdueTickets } from '../application/mark-overdue-tickets.js';

export const SweepOverdueTickets = defineJob('tickets.sweep-overdue', { timetable: { everyMs: 10_000 } });

@ProcessesJob(SweepOverdueTickets)
@Injectable()
export class SweepOverdueTicketsJob implements JobProcessor<Record<never, never>> {
  constructor(private readonly marking: MarkOverdueTickets) {}

  async process(): Promise<void> {
    await this.marking.execute();
  }
}
