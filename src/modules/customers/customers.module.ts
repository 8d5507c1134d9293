import { Global, Module } from '@nestjs/common';
import { CustomerPlaces } from '../../platform/http/index.js';
import { messageSender } from '../../platform/messages/index.js';
import { CustomerDirectory } from '../../platform/identity/index.js';
import { ApplySubscriptions } from './application/apply-subscriptions.js';
import { CallerVerifications } from './application/caller-verifications.query.js';
import { ChangeCustomer } from './application/change-customer.js';
import { CloseCustomerSessions } from './application/close-customer-sessions.js';
import { CreateCustomer } from './application/create-customer.js';
import { PlacesOfCustomers } from './application/customer-places.query.js';
import { FindCustomers } from './application/find-customers.query.js';
import { OpenCustomerSession } from './application/open-customer-session.js';
import { PurgeSelfService } from './application/purge-self-service.js';
import { ReadCustomers } from './application/read-customers.query.js';
import { RequestOneTimeCode } from './application/request-one-time-code.js';
import { SendVerificationCode } from './application/send-verification-code.js';
import { SignedInCustomers } from './application/signed-in-customers.query.js';
import { VerifyCaller } from './application/verify-caller.js';
import { WithdrawCustomer } from './application/withdraw-customer.js';
import { CustomersFacade } from './customers.facade.js';
import { CallerVerificationController } from './http/caller-verification.controller.js';
import { CustomerSearchController } from './http/customer-search.controller.js';
import { CustomerSessionController } from './http/customer-session.controller.js';
import { CustomersController } from './http/customers.controller.js';
import { MeController } from './http/me.controller.js';
import { OneTimeCodeController } from './http/one-time-code.controller.js';
import { SubjectKeys } from './persistence/subject-keys.js';
import { SubscriptionArchive } from './persistence/subscription-archive.js';

/** Global: the access guard asks it where a customer belongs. */
@Global()
@Module({
  controllers: [
    CustomersController,
    OneTimeCodeController,
    CustomerSessionController,
    MeController,
    CallerVerificationController,
    CustomerSearchController,
  ],
  providers: [
    ApplySubscriptions,
    CallerVerifications,
    ChangeCustomer,
    CloseCustomerSessions,
    CreateCustomer,
    CustomersFacade,
    FindCustomers,
    messageSender,
    OpenCustomerSession,
    PurgeSelfService,
    { provide: CustomerPlaces, useClass: PlacesOfCustomers },
    ReadCustomers,
    RequestOneTimeCode,
    SendVerificationCode,
    { provide: CustomerDirectory, useClass: SignedInCustomers },
    VerifyCaller,
    SubjectKeys,
    SubscriptionArchive,
    WithdrawCustomer,
  ],
  exports: [CustomersFacade, CustomerPlaces, CustomerDirectory, PurgeSelfService],
})
export class CustomersModule {}
