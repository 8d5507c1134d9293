import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/index.js';
import { type Delivered, Hub, ListensTo, type SetWiseListener } from '../../../platform/events/index.js';
import { customerHub } from '../application/customer-hub.js';
import { CustomerDeparted, CustomerErased, CustomerJoined } from '../domain/events.js';

interface AboutCustomer {
  readonly customerId: string;
  readonly isReturn?: boolean;
}

@Injectable()
@ListensTo<AboutCustomer>(CustomerJoined, CustomerDeparted, CustomerErased)
export class TellSubscribersOfCustomers implements SetWiseListener<AboutCustomer> {
  constructor(private readonly hub: Hub) {}

  handleAll(tx: Tx, events: readonly Delivered<AboutCustomer>[]): Promise<void> {
    return this.hub.announce(
      tx,
      customerHub,
      events.map(({ eventId, name, occurredAt, payload: { customerId: id, isReturn } }) => ({
        eventId,
        occurredAt,
        eventType: eventTypeOf(name, isReturn),
        event: { customer: { id, href: `/tmf-api/customerManagement/v4/customer/${id}` } },
      })),
    );
  }
}

function eventTypeOf(name: string, isReturn = false): string {
  if (name === CustomerErased.name) return 'CustomerDeleteEvent';
  return name === CustomerJoined.name && !isReturn ? 'CustomerCreateEvent' : 'CustomerStateChangeEvent';
}
