import { Module } from '@nestjs/common';
import { ApplySubscriptions } from './application/apply-subscriptions.js';
import { FindCustomers } from './application/find-customers.query.js';
import { CustomersFacade } from './customers.facade.js';
import { SubscriptionArchive } from './persistence/subscription-archive.js';

@Module({
  providers: [ApplySubscriptions, FindCustomers, SubscriptionArchive, CustomersFacade],
  exports: [CustomersFacade],
})
export class CustomersModule {}
