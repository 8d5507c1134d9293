import type { HubApi } from '../../../platform/events/index.js';
import { PROGRAM } from '../persistence/rule-sets.js';

/** What those who subscribe to card levels are told. */
export const tieringHub = {
  name: 'tiering',
  eventTypes: ['TierUpgradedEvent', 'TierDowngradedEvent', 'TierWillDowngradeEvent', 'TierRetainedEvent'],
} as const satisfies HubApi;

/** The other programmes have no address that a subscriber could read. */
export const tellsOfProgram = (program: string): boolean => program === PROGRAM;
