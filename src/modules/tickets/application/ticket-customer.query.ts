import { Injectable } from '@nestjs/common';
import { Database, isId } from '../../../platform/database/index.js';
import { ResolvesCustomer, type CustomerResolver } from '../../../platform/http/index.js';

@ResolvesCustomer('ticket')
@Injectable()
export class CustomerOfTicket implements CustomerResolver {
  constructor(private readonly database: Database) {}

  async customerOf(ticketId: string): Promise<string | undefined> {
    if (!isId(ticketId)) return undefined;
    const [row] = await this.database.query<{ customer_id: string }>(
      'SELECT customer_id FROM tickets.ticket_directory WHERE ticket_id = $1',
      [ticketId],
    );
    return row?.customer_id;
  }
}
