export { CustomersModule } from './customers.module.js';
export { CustomersWorkersModule } from './customers.workers.module.js';
export { ContributesToSubjectCopy, type ContributesSections, type CopySection } from './application/subject-copy.js';
export { CallerVerifications } from './application/caller-verifications.query.js';
export { SubjectRequests } from './application/subject-requests.js';
export { TellCustomer } from './application/tell-customer.js';
export { AllottedNumbers } from './application/allotted-numbers.js';
export type { CustomerSeals } from './application/customer-seals.js';
export { CustomersFacade } from './customers.facade.js';
export { CustomerDeparted, CustomerErased, CustomerJoined } from './domain/events.js';
export { CustomerIsErased, CustomerNotFound } from './domain/refusals.js';
export { tenureMonths } from './domain/tenure.js';
export type { Archive, CustomerStatus, Profile } from './domain/profile.js';
export type {
  AppliedSnapshot,
  BossStatus,
  SimKind,
  SnapshotOutcome,
  SubscriptionSnapshot,
} from './domain/subscription-snapshot.js';
export {
  ACCOUNT_OWNER_VIEW,
  BILLING_ACCOUNT_VIEW,
  BIRTH_YEAR_VIEW,
  EFFECTIVE_CONSENT_VIEW,
  GROUP_MEMBERSHIP_VIEW,
  NUMBER_DIRECTORY_VIEW,
  NUMBER_TENURE_VIEW,
  PROFILE_CHANGE_VIEW,
  PROFILE_VIEW,
  SUBSCRIPTION_STATE_VIEW,
} from './persistence/published-views.js';
export { tables as customersTables } from './persistence/tables.js';
