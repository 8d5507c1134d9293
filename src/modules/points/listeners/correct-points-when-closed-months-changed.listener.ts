import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/index.js';
import { ListensTo, type Delivered, type Listener } from '../../../platform/events/index.js';
import { Runs } from '../../../platform/queues/index.js';
import { ClosedMonthsChanged, runForLateFigures, type ChangedMonths } from '../../usage/index.js';

@Injectable()
@ListensTo(ClosedMonthsChanged)
export class CorrectPointsWhenClosedMonthsChanged implements Listener<ChangedMonths> {
  constructor(private readonly runs: Runs) {}

  async handle(tx: Tx, event: Delivered<ChangedMonths>): Promise<void> {
    const bills = await tx.query(`SELECT FROM usage.late_change WHERE intake_id = $1 AND kind = 'BIL' LIMIT 1`, [
      event.payload.intakeId,
    ]);
    // Late usage is frequent and earns nothing.
    if (bills.length > 0) await this.runs.startWithin(tx, runForLateFigures('points.correct', event));
  }
}
