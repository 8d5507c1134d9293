export { PointsModule } from './points.module.js';
export { PointsWorkersModule } from './points.workers.module.js';
export { PointsFacade } from './points.facade.js';
export { OrderService } from './application/order-service.js';
export type { AskedExchange } from './application/place-order.js';
export { PosPointsFacade } from './pos-points.facade.js';
export {
  ExpiryNotified,
  ExpiryReversed,
  PointsAccrued,
  PointsCorrected,
  PointsEarned,
  PointsExpired,
  PointsForfeited,
  PointsMoved,
  PointsRedeemed,
  RedemptionReversed,
} from './domain/events.js';
export {
  AccountClosed,
  AccountFrozen,
  BelowThreshold,
  HoldEnded,
  InsufficientPoints,
  RealNameNeeded,
} from './domain/refusals.js';
export { requestHash } from './domain/request-hash.js';
export { provePoints, type CheckResult, type Proof } from './application/prove-points.js';
export { rebuildPointCaches } from './application/rebuild-point-caches.js';
export type { Balance } from './application/account.query.js';
export type { AwardPoints } from './application/award-points.js';
export type { RedeemPoints } from './application/redeem-points.js';
export type { Redemption } from './application/redemption.query.js';
export type { PointsTotals } from './application/totals.query.js';
export { tables as pointsTables } from './persistence/tables.js';

/** Published view: customer_id, available, held, pending, debt (points). A customer without a row has none. */
export const BALANCE = 'points.balance';

/**
 * `customer_id, journal_id, account_version, kind, points (what it changes in all that the customer has), available_after, occurred_at,
 * cycle 'YYYY-MM'|null, reverses_journal_id, run_id, business_date`: the entries of the ledger. They are only added to.
 */
export const ENTRY = 'points.entry';
