import { defineEvent } from '../../../platform/events/event.js';
import type { Tier } from './tier.js';

export interface TierChange {
  readonly customerId: string;
  readonly from: Tier;
  readonly to: Tier;
  readonly decisionId: string;
  /** Business day from which the new level holds. */
  readonly effectiveOn: string;
  /** Events that were published before there were outcomes have none. `entered`: the first level above the lowest. */
  readonly outcome?: 'entered' | 'upgraded' | 'downgraded';
}

/** A customer holds another level (客户级别变更). Once per change; never for a level that was kept. */
export const TierChanged = defineEvent<TierChange>('tiering.TierChanged');

export interface LevelChange extends Required<Omit<TierChange, 'from' | 'to'>> {
  readonly program: string;
  /** On the scale of the programme. */
  readonly from: string;
  readonly to: string;
}

/** A customer stands elsewhere on the scale of a programme that gives no cards: stars, credit, classes. Once per change. */
export const LevelChanged = defineEvent<LevelChange>('tiering.LevelChanged');

/** When those whose level will be lowered are told: as the grace begins, in its middle, and shortly before its end. */
export const graceNotices = ['start', 'middle', 'end'] as const;
export type GraceNotice = (typeof graceNotices)[number];

export interface ComingDowngrade {
  readonly customerId: string;
  readonly program: string;
  /** The level held now and the one to come, on the scale of the programme. */
  readonly from: string;
  readonly to: string;
  /** Business day from which the lower level holds, unless the level is earned again until then. */
  readonly effectiveOn: string;
  readonly notice: GraceNotice;
  /** The decision that began the grace. */
  readonly decisionId: string;
}

/** A downgrade is announced and has not come yet (降级缓冲提醒). At most once per grace and notice. */
export const TierWillDowngrade = defineEvent<ComingDowngrade>('tiering.TierWillDowngrade');

export interface RetainedTier {
  readonly customerId: string;
  readonly program: string;
  /** On the scale of the programme. */
  readonly tier: string;
  readonly decisionId: string;
  /** The last business day on which the level is sure. */
  readonly until: string;
}

/** A review has let a customer keep the level (保级), where the programme announces it. Once per review. */
export const TierRetained = defineEvent<RetainedTier>('tiering.TierRetained');

export interface TransferredMembership {
  readonly transferId: string;
  readonly fromCustomerId: string;
  /** The giver, too, when the membership went to another number of the same customer. */
  readonly toCustomerId: string;
  readonly tier: Tier;
  /** Business day from which it holds. */
  readonly effectiveOn: string;
}

/**
 * A club membership has gone from one customer to another (身份转移): level and card have; points have not, they stay with the giver who
 * earned them. Once per transfer.
 */
export const MembershipTransferred = defineEvent<TransferredMembership>('tiering.MembershipTransferred');
