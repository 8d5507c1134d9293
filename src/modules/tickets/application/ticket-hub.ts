import type { HubApi } from '../../../platform/events/index.js';

/** What TMF621 tells its subscribers. */
export const ticketHub: HubApi = {
  name: 'troubleTicket',
  eventTypes: ['TroubleTicketCreateEvent', 'TroubleTicketStatusChangeEvent'],
};
