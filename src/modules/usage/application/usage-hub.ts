import type { HubApi } from '../../../platform/events/index.js';

/** What TMF635 tells its subscribers. */
export const usageHub: HubApi = {
  name: 'usageManagement',
  eventTypes: [
    'UsageCreateEvent',
    'UsageAttributeValueChangeEvent',
    'UsageStateChangeEvent',
    'UsageDeleteEvent',
    'UsageSpecificationCreateEvent',
    'UsageSpecificationAttributeValueChangeEvent',
    'UsageSpecificationDeleteEvent',
  ],
};
