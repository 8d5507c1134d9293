import { Module } from '@nestjs/common';
import { SweepOverdueTicketsJob } from './jobs/sweep-overdue-tickets.job.js';
import { ForgetTicketWordsWhenCustomerIsErased } from './listeners/forget-ticket-words-when-customer-is-erased.listener.js';
import { TellSubscribersOfTickets } from './listeners/tell-subscribers-of-tickets.listener.js';
import { TicketsModule } from './tickets.module.js';

@Module({
  imports: [TicketsModule],
  providers: [ForgetTicketWordsWhenCustomerIsErased, SweepOverdueTicketsJob, TellSubscribersOfTickets],
})
export class TicketsWorkersModule {}
