import { Module } from '@nestjs/common';
import { CustomersModule } from './customers.module.js';
import { EraseFactsWithoutConsentJob } from './jobs/erase-facts-without-consent.job.js';
import { PurgeSelfServiceJob } from './jobs/purge-self-service.job.js';

@Module({ imports: [CustomersModule], providers: [EraseFactsWithoutConsentJob, PurgeSelfServiceJob] })
export class CustomersWorkersModule {}
