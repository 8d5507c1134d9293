import { defineEvent } from '../../../platform/events/event.js';

/** A customer came into the network, or came back to it (`isReturn`). */
export const CustomerJoined = defineEvent<{
  readonly customerId: string;
  readonly joinedOn: string;
  readonly isReturn: boolean;
}>('customers.CustomerJoined');

/**
 * Nothing tells any more who the customer was: its keys, indexes and sealed values are destroyed. Whoever keeps words or numbers of
 * the customer destroys them too; figures stay, under the pseudonymous id.
 */
export const CustomerErased = defineEvent<{
  readonly customerId: string;
  /** Of the person as it was known; the row is gone unless the person has another customer. */
  readonly partyId: string;
}>('customers.CustomerErased');

/** A customer's last live number ended; the archive is now the retained one (保留档案库). */
export const CustomerDeparted = defineEvent<{ readonly customerId: string; readonly closedOn: string }>(
  'customers.CustomerDeparted',
);

/** Somebody may have a copy of all that is known of him; it is to be prepared. */
export const SubjectCopyApproved = defineEvent<{ readonly customerId: string; readonly exportId: string }>(
  'customers.SubjectCopyApproved',
);
