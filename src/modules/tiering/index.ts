export { TieringModule } from './tiering.module.js';
export { TieringWorkersModule } from './tiering.workers.module.js';
export { CURRENT_POINTS_MEMBER, CURRENT_TIER, DECISION_RUN, TieringFacade, type TierShare } from './tiering.facade.js';
export { serviceRank, tiers, type Tier } from './domain/tier.js';
export {
  TierChanged,
  TierRetained,
  TierWillDowngrade,
  type ComingDowngrade,
  type RetainedTier,
  type TierChange,
} from './domain/events.js';
export type { CardStanding, PresentedCard } from './application/cards.query.js';
export { CardCannotRedeem, CardOfSomebodyElse, InvalidCardNumber } from './domain/refusals-of-cards.js';
export { tables as tieringTables } from './persistence/tables.js';
