import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { ListensTo, type Delivered, type SetWiseListener } from '../../../platform/events/index.js';
import { CustomerDeparted } from '../../customers/index.js';
import type { Departure } from '../application/end-levels-of-departed-customers.js';
import { endPotentialOfDepartedCustomers } from '../application/end-potential-of-departed-customers.js';

@ListensTo(CustomerDeparted)
@Injectable()
export class EndPotentialWhenCustomerDeparts implements SetWiseListener<Departure> {
  constructor(private readonly clock: Clock) {}

  async handleAll(tx: Tx, events: readonly Delivered<Departure>[]): Promise<void> {
    const departures = events.map(({ payload }) => payload);
    await endPotentialOfDepartedCustomers(tx, departures, this.clock.now());
  }
}
