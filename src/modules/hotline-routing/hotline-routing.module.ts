import { Module } from '@nestjs/common';
import { CustomersModule } from '../customers/index.js';
import { OrganizationModule } from '../organization/index.js';
import { TieringModule } from '../tiering/index.js';
import { RoutingInCopy } from './application/routing-in-copy.js';
import { AcceptReservation } from './application/accept-reservation.js';
import { AssignManager } from './application/assign-manager.js';
import { ChangeAgentState } from './application/change-agent-state.js';
import { CustomerOfContact } from './application/contact-customer.query.js';
import { ConnectContact } from './application/connect-contact.js';
import { CreateAgent } from './application/create-agent.js';
import { EndContact } from './application/end-contact.js';
import { EnterContact } from './application/enter-contact.js';
import { FindRouting } from './application/find-routing.query.js';
import { Kicks } from './application/kicks.js';
import { ForgetCallers } from './application/forget-callers.js';
import { MatchContacts } from './application/match-contacts.js';
import { ReRankContact } from './application/re-rank-contact.js';
import { RejectReservation } from './application/reject-reservation.js';
import { SweepRouting } from './application/sweep-routing.js';
import { HotlineRoutingFacade } from './hotline-routing.facade.js';
import { AgentsController } from './http/agents.controller.js';
import { ContactsController } from './http/contacts.controller.js';
import { ReservationsController } from './http/reservations.controller.js';

@Module({
  imports: [OrganizationModule, CustomersModule, TieringModule],
  controllers: [ContactsController, ReservationsController, AgentsController],
  providers: [
    RoutingInCopy,
    MatchContacts,
    Kicks,
    EnterContact,
    AcceptReservation,
    RejectReservation,
    ConnectContact,
    CustomerOfContact,
    EndContact,
    CreateAgent,
    ChangeAgentState,
    AssignManager,
    ReRankContact,
    SweepRouting,
    FindRouting,
    ForgetCallers,
    HotlineRoutingFacade,
  ],
  exports: [HotlineRoutingFacade, ForgetCallers, SweepRouting, ReRankContact],
})
export class HotlineRoutingModule {}
