import { Global, Module } from '@nestjs/common';
import { CustomerPlaces } from '../../platform/http/index.js';
import { ApplySubscriptions } from './application/apply-subscriptions.js';
import { ChangeCustomer } from './application/change-customer.js';
import { CreateCustomer } from './application/create-customer.js';
import { PlacesOfCustomers } from './application/customer-places.query.js';
import { FindCustomers } from './application/find-customers.query.js';
import { ReadCustomers } from './application/read-customers.query.js';
import { WithdrawCustomer } from './application/withdraw-customer.js';
import { CustomersFacade } from './customers.facade.js';
import { CustomerSearchController } from './http/customer-search.controller.js';
import { CustomersController } from './http/customers.controller.js';
import { SubjectKeys } from './persistence/subject-keys.js';
import { SubscriptionArchive } from './persistence/subscription-archive.js';

/** Global: the access guard asks it where a customer belongs. */
@Global()
@Module({
  controllers: [CustomersController, CustomerSearchController],
  providers: [
    ApplySubscriptions,
    ChangeCustomer,
    CreateCustomer,
    CustomersFacade,
    FindCustomers,
    { provide: CustomerPlaces, useClass: PlacesOfCustomers },
    ReadCustomers,
    SubjectKeys,
    SubscriptionArchive,
    WithdrawCustomer,
  ],
  exports: [CustomersFacade, CustomerPlaces],
})
export class CustomersModule {}
