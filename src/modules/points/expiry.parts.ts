import { ExpirePoints } from './application/expire-points.run.js';
import { FindExpiryBatches } from './application/expiry-batches.query.js';
import { ExpiryInCopy } from './application/expiry-in-copy.js';
import { GiveBackExpired } from './application/give-back-expired.run.js';
import {
  CustomerOfLoyaltyBalance,
  CustomerOfLoyaltyBurn,
  CustomerOfLoyaltyEarn,
  FindLoyalty,
} from './application/loyalty.query.js';
import { NotifyOfExpiry } from './application/notify-of-expiry.run.js';
import { ReportPointsYear } from './application/points-year.query.js';
import { PreviewExpiry } from './application/preview-expiry.run.js';
import { AskForExpiryReversal, ReverseApprovedExpiry } from './application/reverse-expiry.js';
import { PointsExpiryController } from './http/expiry.controller.js';
import { LoyaltyController } from './http/loyalty.controller.js';
import { PointsYearController } from './http/points-year.controller.js';

/** Points that expire, the points year, and how others see points (TMF658). */
export const expiryParts = {
  controllers: [PointsExpiryController, PointsYearController, LoyaltyController],
  providers: [
    ExpirePoints,
    PreviewExpiry,
    NotifyOfExpiry,
    GiveBackExpired,
    FindExpiryBatches,
    AskForExpiryReversal,
    ReverseApprovedExpiry,
    ExpiryInCopy,
    ReportPointsYear,
    FindLoyalty,
    CustomerOfLoyaltyBalance,
    CustomerOfLoyaltyEarn,
    CustomerOfLoyaltyBurn,
  ],
};
