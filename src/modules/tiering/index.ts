export { TieringModule } from './tiering.module.js';
export { TieringWorkersModule } from './tiering.workers.module.js';
export {
  CURRENT_GRACE,
  CURRENT_LEVEL,
  CURRENT_POINTS_MEMBER,
  CURRENT_TIER,
  CURRENT_TRIAL_ENTITLEMENT,
  DECISION_RUN,
  LEVEL_PERIOD,
  TieringFacade,
  type LevelYear,
  type TierShare,
} from './tiering.facade.js';
export { serviceRank, tiers, type Tier } from './domain/tier.js';
export {
  MembershipTransferred,
  TierChanged,
  TierRetained,
  TierWillDowngrade,
  type ComingDowngrade,
  type RetainedTier,
  type TierChange,
  type TransferredMembership,
} from './domain/events.js';
export {
  PotentialCustomerConfirmed,
  PotentialCustomerFound,
  PotentialCustomerLapsed,
  PotentialCustomerRejected,
  TrialEnded,
} from './domain/potential-events.js';
export type { TrialEntitlement } from './domain/potential-customer.js';
export type { CardStanding, PresentedCard } from './application/cards.query.js';
export {
  CardCannotRedeem,
  CardOfSomebodyElse,
  InvalidCardNumber,
  UnreadableTrack,
} from './domain/refusals-of-cards.js';
export { tables as tieringTables } from './persistence/tables.js';
