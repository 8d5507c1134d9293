import { defineEvent } from '../../../platform/events/event.js';
import type { Priority } from './service-level.js';
import type { Status } from './status.js';
import type { ClockName } from './ticket.js';

/** A customer's concern was taken down (受理工单). */
export const TicketOpened = defineEvent<{
  readonly ticketId: string;
  readonly customerId: string;
  readonly ticketType: string;
  readonly severity: string;
  readonly priority: Priority;
  /** ISO-8601. */
  readonly expectedResolutionDate: string;
}>('tickets.TicketOpened');

export const TicketStatusChanged = defineEvent<{
  readonly ticketId: string;
  readonly customerId: string;
  readonly from: Status;
  readonly to: Status;
}>('tickets.TicketStatusChanged');

/** A promise was broken (超时). Once per clock and cycle, even when the ticket is solved before anybody looks. */
export const TicketOverdue = defineEvent<{
  readonly ticketId: string;
  readonly customerId: string;
  readonly clock: ClockName;
  readonly cycle: number;
  /** ISO-8601. */
  readonly dueAt: string;
}>('tickets.TicketOverdue');
