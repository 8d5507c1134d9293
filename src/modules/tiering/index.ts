export { CURRENT_TIER, TieringFacade, type TierShare } from './tiering.facade.js';
export { serviceRank, tiers, type Tier } from './domain/tier.js';
export { TierChanged, type TierChange } from './domain/events.js';
