import { ClearPosDays } from '../application/holds/clear-pos-days.js';
import { ExpireHoldsAtMerchants } from '../application/holds/expire-holds-at-merchants.js';
import { HoldPointsAtMerchants } from '../application/holds/hold-points-at-merchants.js';
import { HoldsInCopy } from '../application/holds/holds-in-copy.js';
import { SmallPayments } from '../application/holds/small-payments.js';
import { SmallPaymentsController } from '../http/holds/small-payments.controller.js';
import { ClearPosDaysJob } from '../jobs/clear-pos-days.job.js';
import { ExpireHoldsAtMerchantsJob } from '../jobs/expire-holds-at-merchants.job.js';

/** Points that are held for purchases at merchants, and small payments. */
export const holds = {
  controllers: [SmallPaymentsController],
  providers: [HoldPointsAtMerchants, HoldsInCopy, SmallPayments],
  workers: [ClearPosDays, ClearPosDaysJob, ExpireHoldsAtMerchants, ExpireHoldsAtMerchantsJob],
};
