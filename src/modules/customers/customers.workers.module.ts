import { Module } from '@nestjs/common';
import { CustomersModule } from './customers.module.js';
import { EraseFactsWithoutConsentJob } from './jobs/erase-facts-without-consent.job.js';
import { PrepareSubjectExportsJob } from './jobs/prepare-subject-exports.job.js';
import { PurgeSelfServiceJob } from './jobs/purge-self-service.job.js';
import { TellSubscribersOfCustomers } from './listeners/tell-subscribers-of-customers.listener.js';
import { PrepareCopyWhenApproved } from './listeners/prepare-copy-when-approved.listener.js';

@Module({
  imports: [CustomersModule],
  providers: [
    EraseFactsWithoutConsentJob,
    PurgeSelfServiceJob,
    PrepareCopyWhenApproved,
    PrepareSubjectExportsJob,
    TellSubscribersOfCustomers,
  ],
})
export class CustomersWorkersModule {}
