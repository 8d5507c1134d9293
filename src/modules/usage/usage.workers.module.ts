import { Module } from '@nestjs/common';
import { BillingModule } from './billing.module.js';
import { FindHugeBillsWhenBillsAreLoaded } from './listeners/find-huge-bills-when-bills-are-loaded.listener.js';
import { SendHugeBillNoticesJob } from './jobs/send-huge-bill-notices.job.js';
import { ForgetBillingWishesWhenCustomerIsErased } from './listeners/forget-billing-wishes-when-customer-is-erased.listener.js';
import { ForgetNumbersWhenCustomerIsErased } from './listeners/forget-numbers-when-customer-is-erased.listener.js';
import { TellSubscribersOfUsage } from './listeners/tell-subscribers-of-usage.listener.js';
import { TellSubscribersOfUsageSpecifications } from './listeners/tell-subscribers-of-usage-specifications.listener.js';
import { ReleaseHeldRecordsJob } from './jobs/release-held-records.job.js';
import { ReconcileDaysJob } from './jobs/reconcile-days.job.js';
import { LoadDroppedFileJob } from './jobs/load-dropped-file.job.js';
import { WatchIntakeFolder } from './jobs/watch-intake-folder.js';
import { RaiseAlarmWhenRevokedKeyIsUsed } from './listeners/raise-alarm-when-revoked-key-is-used.listener.js';
import { WatchFeedsJob } from './jobs/watch-feeds.job.js';
import { UsageModule } from './usage.module.js';

@Module({
  imports: [UsageModule, BillingModule],
  providers: [
    FindHugeBillsWhenBillsAreLoaded,
    SendHugeBillNoticesJob,
    ForgetBillingWishesWhenCustomerIsErased,
    LoadDroppedFileJob,
    WatchIntakeFolder,
    RaiseAlarmWhenRevokedKeyIsUsed,
    WatchFeedsJob,
    ForgetNumbersWhenCustomerIsErased,
    TellSubscribersOfUsage,
    TellSubscribersOfUsageSpecifications,
    ReconcileDaysJob,
    ReleaseHeldRecordsJob,
  ],
})
export class UsageWorkersModule {}
