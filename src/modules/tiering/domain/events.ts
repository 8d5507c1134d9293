import { defineEvent } from '../../../platform/events/event.js';
import type { Tier } from './tier.js';

export interface TierChange {
  readonly customerId: string;
  readonly from: Tier;
  readonly to: Tier;
  readonly decisionId: string;
  /** Business day from which the new level holds. */
  readonly effectiveOn: string;
}

/** A customer holds another level (客户级别变更). Once per change; never for a level that was kept. */
export const TierChanged = defineEvent<TierChange>('tiering.TierChanged');
