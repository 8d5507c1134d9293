import { Injectable } from '@nestjs/common';
import { Database } from '../../../platform/database/index.js';
import { type Page, pageOf, readPage, type ListRequest } from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { CustomersFacade } from '../../customers/index.js';
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
    private readonly customers: CustomersFacade,
    private readonly register: AccessRegister,
  ) {}

  /** @throws TicketNotFound */
  async one(ticketId: string, actor: Actor): Promise<TicketRecord> {
    const customerId = await customerOfTicket(this.database, ticketId);
    if (!customerId) throw new TicketNotFound();
    const seals = await this.customers.sealsOf(this.database, [customerId]);
    const ticket = await readTicket(this.database, { customerId, ticketId }, seals);
    if (!ticket) throw new TicketNotFound();
    await this.registerRead(actor, 'tickets.read', [ticket.customerId], { type: 'ticket', id: ticketId });
    return ticket;
  }

  async page(list: ListRequest, actor: Actor): Promise<Page<TroubleTicket>> {
    const rows: TicketRow[] = [];
    const { total } = await readPage<TicketRow>(
      this.database,
      { ...list, fields: undefined },
      { select: TICKET_COLUMNS, from: 'tickets.ticket t' },
      (row) => {
        rows.push(row);
        return row;
      },
    );
    const customerIds = [...new Set(rows.map((row) => row.customer_id))];
    const seals = await this.customers.sealsOf(this.database, customerIds);
    await this.registerRead(actor, 'tickets.list', customerIds);
    return pageOf(rows, total, list, (row) => troubleTicketFor(actor, ticketOf(row, seals)));
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
