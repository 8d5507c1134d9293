import { Module } from '@nestjs/common';
import { DeliverNotifications, OutboxGauges } from './platform/events/index.js';
import { WorkersModule } from './platform/queues/index.js';
import { ForgetNoncesJob } from './platform/queues/forget-nonces.job.js';
import { KeepHouseJob } from './platform/queues/keep-house.job.js';
import { AnalyticsWorkersModule } from './modules/analytics/index.js';
import { BenefitsWorkersModule } from './modules/benefits/index.js';
import { BossFeedWorkersModule } from './modules/boss-feed/index.js';
import { CareWorkersModule } from './modules/care/index.js';
import { CustomersWorkersModule } from './modules/customers/index.js';
import { HotlineRoutingWorkersModule } from './modules/hotline-routing/index.js';
import { PointsWorkersModule } from './modules/points/index.js';
import { TicketsWorkersModule } from './modules/tickets/index.js';
import { TieringWorkersModule } from './modules/tiering/index.js';
import { UsageWorkersModule } from './modules/usage/index.js';

/** What runs later and every night: the processors, listeners and runs of every module, and the workers that drive them. */
@Module({
  imports: [
    CustomersWorkersModule,
    UsageWorkersModule,
    TieringWorkersModule,
    PointsWorkersModule,
    BenefitsWorkersModule,
    TicketsWorkersModule,
    HotlineRoutingWorkersModule,
    CareWorkersModule,
    AnalyticsWorkersModule,
    BossFeedWorkersModule,
    WorkersModule,
  ],
  providers: [DeliverNotifications, ForgetNoncesJob, KeepHouseJob, OutboxGauges],
})
export class WorkerModule {}
