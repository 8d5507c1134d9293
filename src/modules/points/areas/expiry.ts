import { ExpirePoints } from '../application/expiry/expire-points.run.js';
import { FindExpiryBatches } from '../application/expiry/expiry-batches.query.js';
import { ExpiryInCopy } from '../application/expiry/expiry-in-copy.js';
import { GiveBackExpired } from '../application/expiry/give-back-expired.run.js';
import { NotifyOfExpiry } from '../application/expiry/notify-of-expiry.run.js';
import { PreviewExpiry } from '../application/expiry/preview-expiry.run.js';
import { AskForExpiryReversal, ReverseApprovedExpiry } from '../application/expiry/reverse-expiry.js';
import { PointsExpiryController } from '../http/expiry/expiry.controller.js';

/** Points that expire (积分清零), notices of it, and its reversal. */
export const expiry = {
  controllers: [PointsExpiryController],
  providers: [
    ExpirePoints,
    PreviewExpiry,
    NotifyOfExpiry,
    GiveBackExpired,
    FindExpiryBatches,
    AskForExpiryReversal,
    ReverseApprovedExpiry,
    ExpiryInCopy,
  ],
};
