export { TicketsModule } from './tickets.module.js';
export { TicketsWorkersModule } from './tickets.workers.module.js';
export { TICKET_FACT_VIEW, TicketsFacade } from './tickets.facade.js';
export { TicketOpened, TicketOverdue, TicketStatusChanged } from './domain/events.js';
export { CustomerMissing, ExternalIdTaken, TicketNotFound } from './domain/refusals.js';
export type { NewTicket } from './application/open-ticket.js';
export type { Status as TicketStatus } from './domain/status.js';
export { tables as ticketsTables } from './persistence/tables.js';
