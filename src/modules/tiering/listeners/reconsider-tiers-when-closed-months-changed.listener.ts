import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/index.js';
import { ListensTo, type Delivered, type Listener } from '../../../platform/events/index.js';
import { Runs } from '../../../platform/queues/index.js';
import { ClosedMonthsChanged, type ChangedMonths } from '../../usage/index.js';
import { reconsiderIntake } from '../application/reconsider-intake.js';

@Injectable()
@ListensTo(ClosedMonthsChanged)
export class ReconsiderTiersWhenClosedMonthsChanged implements Listener<ChangedMonths> {
  constructor(private readonly runs: Runs) {}

  handle(tx: Tx, event: Delivered<ChangedMonths>): Promise<void> {
    return reconsiderIntake(tx, this.runs, event);
  }
}
