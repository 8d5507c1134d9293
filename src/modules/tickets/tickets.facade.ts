import { Injectable } from '@nestjs/common';
import type { Actor } from '../../platform/identity/index.js';
import { FindTickets } from './application/find-tickets.query.js';
import { OpenTicket, type NewTicket } from './application/open-ticket.js';

/** What other modules may ask of tickets. Set-wise SQL joins the published view {@link TICKET_FACT_VIEW} instead. */
@Injectable()
export class TicketsFacade {
  constructor(
    private readonly opening: OpenTicket,
    private readonly find: FindTickets,
  ) {}

  /**
   * Opens a trouble ticket in a transaction of its own; the same `externalId` of the same actor again is the same ticket.
   * @throws CustomerMissing, CustomerNotFound, ExternalIdTaken
   */
  async openTicket(ticket: NewTicket, actor: Pick<Actor, 'id' | 'name'>): Promise<{ readonly ticketId: string }> {
    const { ticketId } = await this.opening.execute(ticket, actor);
    return { ticketId };
  }

  /** How many tickets of a customer are still to be solved. */
  countOpenTickets(customerId: string): Promise<number> {
    return this.find.countOpen(customerId);
  }
}

/**
 * Published view: customer_id, ticket_id, ticket_type, severity, priority, tier, status, opened_at, resolved_at,
 * expected_resolution_at, is_reopened, is_overdue.
 */
export const TICKET_FACT_VIEW = 'tickets.ticket_fact';
