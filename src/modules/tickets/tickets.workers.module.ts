import { Module } from '@nestjs/common';
import { SweepOverdueTicketsJob } from './jobs/sweep-overdue-tickets.job.js';
import { TicketsModule } from './tickets.module.js';

@Module({ imports: [TicketsModule], providers: [SweepOverdueTicketsJob] })
export class TicketsWorkersModule {}
