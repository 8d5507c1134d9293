import { Module } from '@nestjs/common';
import { OrganizationModule } from '../organization/index.js';
import { DeliverBatches } from './application/deliver-batches.js';
import { FeedBacklog } from './application/feed-backlog.query.js';
import { FillFeeds } from './application/fill-feeds.js';
import { KeepOutgoingFolder } from './application/keep-outgoing-folder.js';
import { PublishFiles } from './application/publish-files.js';
import { TakeInEvents } from './application/take-in-events.js';
import { WithdrawFiles } from './application/withdraw-files.js';
import { BossFeedModule } from './boss-feed.module.js';
import { FeedGauges } from './jobs/feed-gauges.js';
import { DeliverBatchesSteadily, FillFeedsSteadily } from './jobs/feed-steadily.js';
import { KeepFeedFilesJob } from './jobs/keep-feed-files.job.js';
import { FeedAccruedPoints } from './listeners/feed-accrued-points.listener.js';
import { FeedChurnRisks } from './listeners/feed-churn-risks.listener.js';
import { FeedPoints } from './listeners/feed-points.listener.js';
import { FeedTierChanges } from './listeners/feed-tier-changes.listener.js';
import { WithdrawFilesWhenCustomerIsErased } from './listeners/withdraw-files-when-customer-is-erased.listener.js';

@Module({
  imports: [BossFeedModule, OrganizationModule],
  providers: [
    TakeInEvents,
    FeedTierChanges,
    FeedPoints,
    FeedAccruedPoints,
    FeedChurnRisks,
    FillFeeds,
    FillFeedsSteadily,
    PublishFiles,
    KeepOutgoingFolder,
    KeepFeedFilesJob,
    DeliverBatches,
    DeliverBatchesSteadily,
    FeedBacklog,
    FeedGauges,
    WithdrawFiles,
    WithdrawFilesWhenCustomerIsErased,
  ],
})
export class BossFeedWorkersModule {}
