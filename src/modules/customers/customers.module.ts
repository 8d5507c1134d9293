import { Module } from '@nestjs/common';
import { ApplySubscriptions } from './application/apply-subscriptions.js';
import { ChangeCustomer } from './application/change-customer.js';
import { CreateCustomer } from './application/create-customer.js';
import { FindCustomers } from './application/find-customers.query.js';
import { ReadCustomers } from './application/read-customers.query.js';
import { WithdrawCustomer } from './application/withdraw-customer.js';
import { CustomersFacade } from './customers.facade.js';
import { CustomerSearchController } from './http/customer-search.controller.js';
import { CustomersController } from './http/customers.controller.js';
import { SubscriptionArchive } from './persistence/subscription-archive.js';

@Module({
  controllers: [CustomersController, CustomerSearchController],
  providers: [
    ApplySubscriptions,
    ChangeCustomer,
    CreateCustomer,
    CustomersFacade,
    FindCustomers,
    ReadCustomers,
    SubscriptionArchive,
    WithdrawCustomer,
  ],
  exports: [CustomersFacade],
})
export class CustomersModule {}
