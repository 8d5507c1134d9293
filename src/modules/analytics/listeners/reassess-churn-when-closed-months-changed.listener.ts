import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/index.js';
import { ListensTo, type Delivered, type Listener } from '../../../platform/events/index.js';
import { Runs } from '../../../platform/queues/index.js';
import { ClosedMonthsChanged, runForLateFigures, type ChangedMonths } from '../../usage/index.js';

@Injectable()
@ListensTo(ClosedMonthsChanged)
export class ReassessChurnWhenClosedMonthsChanged implements Listener<ChangedMonths> {
  constructor(private readonly runs: Runs) {}

  async handle(tx: Tx, event: Delivered<ChangedMonths>): Promise<void> {
    await this.runs.startWithin(tx, runForLateFigures('analytics.reassess-churn', event));
  }
}
