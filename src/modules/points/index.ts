export { PointsModule } from './points.module.js';
export { PointsWorkersModule } from './points.workers.module.js';
export { PointsFacade } from './points.facade.js';
export { OrderService } from './application/exchange/order-service.js';
export type { AskedExchange } from './application/exchange/place-order.js';
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
} from './domain/ledger/events.js';
export {
  AccountClosed,
  AccountFrozen,
  BelowThreshold,
  HoldEnded,
  InsufficientPoints,
  RealNameNeeded,
} from './domain/ledger/refusals.js';
export { KeyPersonNeeded } from './domain/groups/refusals-of-groups.js';
export { BudgetUsedUp } from './domain/money/refusals-of-money.js';
export { requestHash } from './domain/ledger/request-hash.js';
export { wordsOfExpiryNotices, type NoticeOfExpiry } from './application/expiry/words-of-notices.query.js';
export { provePoints, type CheckResult, type Proof } from './application/proof/prove-points.js';
export { rebuildPointCaches } from './application/ledger/rebuild-point-caches.js';
export type { Balance } from './application/ledger/account.query.js';
export type { AwardPoints } from './application/ledger/award-points.js';
export type { RedeemPoints } from './application/ledger/redeem-points.js';
export type { Redemption } from './application/ledger/redemption.query.js';
export type { PointsTotals } from './application/ledger/totals.query.js';
export { tables as pointsTables } from './persistence/tables.js';

/** Published view: customer_id, available, held, pending, debt (points). A customer without a row has none. */
export const BALANCE = 'points.balance';

/**
 * `customer_id, journal_id, account_version, kind, points (what it changes in all that the customer has), available_after, occurred_at,
 * cycle 'YYYY-MM'|null, reverses_journal_id, run_id, business_date`: the entries of the ledger. They are only added to.
 */
export const ENTRY = 'points.entry';
