import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/index.js';
import { type Delivered, Hub, ListensTo, type SetWiseListener } from '../../../platform/events/index.js';
import { ticketHub } from '../application/ticket-hub.js';
import { troubleTickets } from '../application/ticket.resource.js';
import { hrefOf } from '../../../platform/http/index.js';
import { TicketOpened, TicketStatusChanged } from '../domain/events.js';

interface AboutTicket {
  readonly ticketId: string;
}

@Injectable()
@ListensTo<AboutTicket>(TicketOpened, TicketStatusChanged)
export class TellSubscribersOfTickets implements SetWiseListener<AboutTicket> {
  constructor(private readonly hub: Hub) {}

  handleAll(tx: Tx, events: readonly Delivered<AboutTicket>[]): Promise<void> {
    return this.hub.announce(
      tx,
      ticketHub,
      events.map(({ eventId, name, occurredAt, payload: { ticketId: id } }) => ({
        eventId,
        occurredAt,
        eventType: name === TicketOpened.name ? 'TroubleTicketCreateEvent' : 'TroubleTicketStatusChangeEvent',
        event: { troubleTicket: { id, href: hrefOf(troubleTickets, id) } },
      })),
    );
  }
}
