import type { Tx } from '../../../platform/database/index.js';
import type { Outbox } from '../../../platform/events/index.js';
import { TicketOverdue } from '../domain/events.js';
import { clockDueAt } from '../domain/service-clock.js';
import { breachesOf, type Ticket } from '../domain/ticket.js';
import type { TicketRecord } from '../domain/ticket-record.js';
import { recordBreaches } from '../persistence/ticket-rows.js';

/** Records the promises that the ticket has broken by now, and announces those that nobody has announced yet. */
export async function announceBreaches(
  tx: Tx,
  outbox: Outbox,
  ticket: Ticket & Pick<TicketRecord, 'ticketId' | 'customerId'>,
  now: Date,
): Promise<number> {
  const fresh = await recordBreaches(tx, ticket, breachesOf(ticket, now), now);
  await outbox.publishMany(
    tx,
    TicketOverdue,
    fresh.map((clock) => ({
      customerId: ticket.customerId,
      occurredAt: clockDueAt(ticket[clock]),
      payload: {
        ticketId: ticket.ticketId,
        customerId: ticket.customerId,
        clock,
        cycle: clock === 'firstAnswer' ? 1 : ticket.cycle,
        dueAt: clockDueAt(ticket[clock]).toISOString(),
      },
    })),
  );
  return fresh.length;
}
