import { Module } from '@nestjs/common';
import { HotlineRoutingModule } from './hotline-routing.module.js';
import { SweepRoutingJob } from './jobs/sweep-routing.job.js';
import { ForgetCallersWhenCustomerIsErased } from './listeners/forget-callers-when-customer-is-erased.listener.js';
import { ReRankContactWhenTierChanges } from './listeners/re-rank-contact-when-tier-changes.listener.js';

@Module({
  imports: [HotlineRoutingModule],
  providers: [SweepRoutingJob, ReRankContactWhenTierChanges, ForgetCallersWhenCustomerIsErased],
})
export class HotlineRoutingWorkersModule {}
