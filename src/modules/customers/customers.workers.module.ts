import { Module } from '@nestjs/common';
import { CustomersModule } from './customers.module.js';
import { PurgeSelfServiceJob } from './jobs/purge-self-service.job.js';

@Module({ imports: [CustomersModule], providers: [PurgeSelfServiceJob] })
export class CustomersWorkersModule {}
