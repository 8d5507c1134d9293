import { Injectable } from '@nestjs/common';
import { Clock } from '../../../platform/clock/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { ListensTo, type Delivered, type SetWiseListener } from '../../../platform/events/index.js';
import { CustomerDeparted } from '../../customers/index.js';
import { endExceptionsOfDepartedCustomers } from '../application/end-exceptions-of-departed-customers.js';
import type { Departure } from '../application/end-levels-of-departed-customers.js';

@ListensTo(CustomerDeparted)
@Injectable()
export class EndExceptionsWhenCustomerDeparts implements SetWiseListener<Departure> {
  constructor(private readonly clock: Clock) {}

  handleAll(tx: Tx, events: readonly Delivered<Departure>[]): Promise<void> {
    return endExceptionsOfDepartedCustomers(
      tx,
      events.map(({ payload }) => payload),
      this.clock.now(),
    );
  }
}
