import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/index.js';
import { ListensTo, type Delivered, type SetWiseListener } from '../../../platform/events/index.js';
import { CustomerDeparted } from '../../customers/index.js';
import { endLevelsOfDepartedCustomers, type Departure } from '../application/end-levels-of-departed-customers.js';

@ListensTo(CustomerDeparted)
@Injectable()
export class EndLevelWhenCustomerDeparts implements SetWiseListener<Departure> {
  async handleAll(tx: Tx, events: readonly Delivered<Departure>[]): Promise<void> {
    await endLevelsOfDepartedCustomers(
      tx,
      events.map(({ payload }) => payload),
    );
  }
}
