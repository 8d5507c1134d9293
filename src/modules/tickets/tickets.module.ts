import { Module } from '@nestjs/common';
import { CustomersModule } from '../customers/index.js';
import { OrganizationModule } from '../organization/index.js';
import { TieringModule } from '../tiering/index.js';
import { TicketsInCopy } from './application/tickets-in-copy.js';
import { ChangeTicket } from './application/change-ticket.js';
import { FindServiceLevels } from './application/find-service-levels.query.js';
import { FindTickets } from './application/find-tickets.query.js';
import { ForgetTicketWords } from './application/forget-ticket-words.js';
import { MarkOverdueTickets } from './application/mark-overdue-tickets.js';
import { OpenTicket } from './application/open-ticket.js';
import { SealTicketWords } from './application/seal-ticket-words.run.js';
import { CustomerOfTicket } from './application/ticket-customer.query.js';
import { ProposeServiceLevels, PublishApprovedServiceLevels } from './application/propose-service-levels.js';
import { ServiceLevelsController } from './http/service-levels.controller.js';
import { TicketHubController } from './http/ticket-hub.controller.js';
import { TicketsController } from './http/tickets.controller.js';
import { TicketsFacade } from './tickets.facade.js';

@Module({
  imports: [OrganizationModule, CustomersModule, TieringModule],
  controllers: [TicketsController, TicketHubController, ServiceLevelsController],
  providers: [
    TicketsInCopy,
    OpenTicket,
    ChangeTicket,
    CustomerOfTicket,
    FindServiceLevels,
    FindTickets,
    ForgetTicketWords,
    MarkOverdueTickets,
    ProposeServiceLevels,
    PublishApprovedServiceLevels,
    SealTicketWords,
    TicketsFacade,
  ],
  exports: [TicketsFacade, ForgetTicketWords, MarkOverdueTickets],
})
export class TicketsModule {}
