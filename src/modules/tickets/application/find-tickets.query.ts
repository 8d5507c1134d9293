import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/index.js';
import { Page, readPage, type ListRequest } from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { AccessRegister, type AccessEntry } from '../../organization/index.js';
import { TicketNotFound } from '../domain/refusals.js';
import type { TicketRecord } from '../domain/ticket-record.js';
import { customerOfTicket, readTicket, TICKET_COLUMNS, ticketOf, type TicketRow } from '../persistence/ticket-rows.js';
import { troubleTicketFor, type TroubleTicket } from './ticket.resource.js';

/** Reading tickets; every read of a customer's tickets is registered. */
@Injectable()
export class FindTickets {
  constructor(
    private readonly database: Database,
    private readonly register: AccessRegister,
  ) {}

  /** @throws TicketNotFound */
  async one(ticketId: string, actor: Actor): Promise<TicketRecord> {
    const customerId = await customerOfTicket(this.database, ticketId);
    const ticket = customerId && (await readTicket(this.database, { customerId, ticketId }));
    if (!ticket) throw new TicketNotFound();
    await this.registerRead(actor, 'tickets.read', [ticket.customerId], { type: 'ticket', id: ticketId });
    return ticket;
  }

  async page(list: ListRequest, actor: Actor): Promise<Page<TroubleTicket>> {
    const customers = new Set<string>();
    const page = await readPage<TicketRow, TroubleTicket>(
      this.database,
      list,
      { select: TICKET_COLUMNS, from: 'tickets.ticket t' },
      (row) => {
        customers.add(row.customer_id);
        return troubleTicketFor(actor, ticketOf(row));
      },
    );
    await this.registerRead(actor, 'tickets.list', [...customers]);
    return page;
  }

  /** Tickets of a customer that are still to be solved. */
  async countOpen(customerId: string): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(
      `SELECT count(*) AS count FROM tickets.ticket
       WHERE customer_id = $1 AND status IN ('acknowledged', 'inProgress', 'pending', 'held')`,
      [customerId],
    );
    return row?.count ?? 0;
  }

  private async registerRead(
    actor: Actor,
    action: string,
    customerIds: readonly string[],
    object?: AccessEntry['object'],
  ): Promise<void> {
    if (customerIds.length === 0) return;
    await this.register.record({ actor, action, customerIds, fieldGroups: ['tickets'], object });
  }
}
