import { Global, Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { CustomerPlaces } from '../../platform/http/index.js';
import { messageSender } from '../../platform/messages/index.js';
import { CustomerDirectory } from '../../platform/identity/index.js';
import { AllottedNumbers } from './application/allotted-numbers.js';
import { ApplySubscriptions } from './application/apply-subscriptions.js';
import { CallerVerifications } from './application/caller-verifications.query.js';
import { ChangeCustomer } from './application/change-customer.js';
import { CloseCustomerSessions } from './application/close-customer-sessions.js';
import { FindConsents } from './application/consents.query.js';
import { CreateCustomer } from './application/create-customer.js';
import { PlacesOfCustomers } from './application/customer-places.query.js';
import { DiscloseCustomer } from './application/disclose-customer.js';
import { EndRetention } from './application/end-retention.run.js';
import { EraseCustomer } from './application/erase-customer.js';
import { EraseFactsWithoutConsent } from './application/erase-facts-without-consent.js';
import { FindBillingNames } from './application/billing-names.query.js';
import { FindCustomers } from './application/find-customers.query.js';
import { OpenCustomerSession } from './application/open-customer-session.js';
import { PurgeSelfService } from './application/purge-self-service.js';
import { ReadCustomers } from './application/read-customers.query.js';
import { GroupMembers } from './application/group-members.js';
import { FindMainFacts } from './application/main-facts.query.js';
import { FindRealName } from './application/real-name.query.js';
import { RecordConsent } from './application/record-consent.js';
import { RequestOneTimeCode } from './application/request-one-time-code.js';
import { SendVerificationCode } from './application/send-verification-code.js';
import { SignedInCustomers } from './application/signed-in-customers.query.js';
import { TellCustomer } from './application/tell-customer.js';
import { VerifyCaller } from './application/verify-caller.js';
import { EraseApprovedCustomer, RequestErasure } from './application/request-erasure.js';
import { FindRetentionClasses } from './application/retention-classes.query.js';
import { ResealCustomers } from './application/reseal-customers.run.js';
import { VerifyRealName } from './application/verify-real-name.js';
import { WithdrawCustomer } from './application/withdraw-customer.js';
import { CustomersInCopy } from './application/customers-in-copy.js';
import { PrepareSubjectExport } from './application/prepare-subject-export.js';
import { SubjectCopy } from './application/subject-copy.js';
import { DecideSubjectExport, SubjectExports } from './application/subject-exports.js';
import { SubjectRequests } from './application/subject-requests.js';
import { CustomerOfSubjectExport, CustomerOfSubjectRequest } from './application/subject-rights-customer.query.js';
import { SubjectExportsController } from './http/subject-exports.controller.js';
import { SubjectRequestsController } from './http/subject-requests.controller.js';
import { CustomersFacade } from './customers.facade.js';
import { CallerVerificationController } from './http/caller-verification.controller.js';
import { ConsentController } from './http/consent.controller.js';
import { CustomerSearchController } from './http/customer-search.controller.js';
import { CustomerAccessesController } from './http/customer-accesses.controller.js';
import { CustomerHubController } from './http/customer-hub.controller.js';
import { CustomerSessionController } from './http/customer-session.controller.js';
import { CustomersController } from './http/customers.controller.js';
import { GroupMembersController } from './http/group-members.controller.js';
import { MainFactsController } from './http/main-facts.controller.js';
import { MeController } from './http/me.controller.js';
import { NumberRangeController } from './http/number-range.controller.js';
import { OneTimeCodeController } from './http/one-time-code.controller.js';
import { RealNameController } from './http/real-name.controller.js';
import { RetentionController } from './http/retention.controller.js';
import { SubjectKeys } from './persistence/subject-keys.js';
import { SubscriptionArchive } from './persistence/subscription-archive.js';

/** Global: the access guard asks it where a customer belongs. */
@Global()
@Module({
  imports: [DiscoveryModule],
  controllers: [
    CustomersController,
    CustomerAccessesController,
    CustomerHubController,
    GroupMembersController,
    OneTimeCodeController,
    CustomerSessionController,
    MeController,
    CallerVerificationController,
    CustomerSearchController,
    ConsentController,
    RealNameController,
    MainFactsController,
    NumberRangeController,
    RetentionController,
    SubjectExportsController,
    SubjectRequestsController,
  ],
  providers: [
    AllottedNumbers,
    ApplySubscriptions,
    CallerVerifications,
    ChangeCustomer,
    CloseCustomerSessions,
    CreateCustomer,
    CustomersFacade,
    DiscloseCustomer,
    EndRetention,
    EraseApprovedCustomer,
    EraseCustomer,
    EraseFactsWithoutConsent,
    FindConsents,
    FindBillingNames,
    FindCustomers,
    FindMainFacts,
    FindRealName,
    FindRetentionClasses,
    GroupMembers,
    RecordConsent,
    VerifyRealName,
    messageSender,
    OpenCustomerSession,
    PurgeSelfService,
    { provide: CustomerPlaces, useClass: PlacesOfCustomers },
    ReadCustomers,
    RequestOneTimeCode,
    SendVerificationCode,
    { provide: CustomerDirectory, useClass: SignedInCustomers },
    VerifyCaller,
    RequestErasure,
    ResealCustomers,
    CustomerOfSubjectExport,
    CustomerOfSubjectRequest,
    CustomersInCopy,
    DecideSubjectExport,
    PrepareSubjectExport,
    SubjectCopy,
    SubjectExports,
    SubjectKeys,
    SubjectRequests,
    SubscriptionArchive,
    TellCustomer,
    WithdrawCustomer,
  ],
  exports: [
    AllottedNumbers,
    CallerVerifications,
    CustomersFacade,
    EraseFactsWithoutConsent,
    CustomerPlaces,
    CustomerDirectory,
    PrepareSubjectExport,
    PurgeSelfService,
    SubjectRequests,
    TellCustomer,
  ],
})
export class CustomersModule {}
