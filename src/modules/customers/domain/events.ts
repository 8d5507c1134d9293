import { defineEvent } from '../../../platform/events/event.js';

/** A customer came into the network, or came back to it (`isReturn`). */
export const CustomerJoined = defineEvent<{
  readonly customerId: string;
  readonly joinedOn: string;
  readonly isReturn: boolean;
}>('customers.CustomerJoined');

/** A customer's last live number ended; the archive is now the retained one (保留档案库). */
export const CustomerDeparted = defineEvent<{ readonly customerId: string; readonly closedOn: string }>(
  'customers.CustomerDeparted',
);
