import { Module } from '@nestjs/common';
import { OrganizationModule } from '../organization/index.js';
import { UsageModule } from '../usage/index.js';
import { AcknowledgeFile } from './application/acknowledge-file.js';
import { AddFeed } from './application/add-feed.js';
import { FeedInCopy } from './application/feed-in-copy.js';
import { FeedSubscriptions } from './application/feed-subscriptions.js';
import { FindFeedFiles } from './application/find-feed-files.query.js';
import { FindFeeds } from './application/find-feeds.query.js';
import { HandOutFeed } from './application/hand-out-feed.js';
import { ReadFeed } from './application/read-feed.js';
import { ReissueFile } from './application/reissue-file.js';
import { FeedFilesController } from './http/feed-files.controller.js';
import { FeedSubscriptionsController } from './http/feed-subscriptions.controller.js';
import { FeedsController } from './http/feeds.controller.js';

/** The outward feed to BOSS and the data warehouse (经分系统接口, USG-09). */
@Module({
  imports: [OrganizationModule, UsageModule],
  controllers: [FeedsController, FeedFilesController, FeedSubscriptionsController],
  providers: [
    AcknowledgeFile,
    AddFeed,
    FeedInCopy,
    FeedSubscriptions,
    FindFeedFiles,
    FindFeeds,
    HandOutFeed,
    ReadFeed,
    ReissueFile,
  ],
  exports: [ReadFeed],
})
export class BossFeedModule {}
