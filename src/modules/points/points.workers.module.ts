import { Module } from '@nestjs/common';
import { CloseAuctions } from './application/close-auctions.js';
import { LapseTransfers } from './application/transfer-points.js';
import { CloseAuctionsJob } from './jobs/close-auctions.job.js';
import { LapseTransfersJob } from './jobs/lapse-transfers.job.js';
import { ClearPosDays } from './application/clear-pos-days.js';
import { ExpireHoldsAtMerchants } from './application/expire-holds-at-merchants.js';
import { ClearPosDaysJob } from './jobs/clear-pos-days.job.js';
import { ExpireHoldsAtMerchantsJob } from './jobs/expire-holds-at-merchants.job.js';
import { CloseAccount } from './application/close-account.js';
import { ProvePointsEveryNightJob } from './jobs/prove-points-every-night.job.js';
import { CloseAccountWhenCustomerDeparts } from './listeners/close-account-when-customer-departs.listener.js';
import { CorrectPointsWhenClosedMonthsChanged } from './listeners/correct-points-when-closed-months-changed.listener.js';
import { ReopenAccountWhenCustomerReturns } from './listeners/reopen-account-when-customer-returns.listener.js';
import { exchangeParts } from './exchange.parts.js';
import { RollUpJob, WatchBudgetsJob } from './jobs/keep-books.job.js';
import { PointsMoneyModule } from './points-money.module.js';
import { PointsModule } from './points.module.js';

@Module({
  imports: [PointsModule, PointsMoneyModule],
  providers: [
    RollUpJob,
    WatchBudgetsJob,
    ...exchangeParts.workers,
    CloseAccount,
    ClearPosDays,
    ClearPosDaysJob,
    ExpireHoldsAtMerchants,
    ExpireHoldsAtMerchantsJob,
    CloseAuctions,
    CloseAuctionsJob,
    LapseTransfers,
    LapseTransfersJob,
    ProvePointsEveryNightJob,
    CloseAccountWhenCustomerDeparts,
    ReopenAccountWhenCustomerReturns,
    CorrectPointsWhenClosedMonthsChanged,
  ],
})
export class PointsWorkersModule {}
