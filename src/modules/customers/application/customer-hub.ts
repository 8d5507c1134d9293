import type { HubApi } from '../../../platform/events/index.js';

/** What TMF629 tells its subscribers. */
export const customerHub: HubApi = {
  name: 'customerManagement',
  eventTypes: ['CustomerCreateEvent', 'CustomerStateChangeEvent', 'CustomerDeleteEvent'],
};
