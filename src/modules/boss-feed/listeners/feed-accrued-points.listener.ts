import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/index.js';
import { type Delivered, ListensTo, type SetWiseListener } from '../../../platform/events/index.js';
import { ExpiryReversed, PointsAccrued, PointsCorrected, PointsExpired } from '../../points/index.js';
import { TakeInEvents } from '../application/take-in-events.js';

@Injectable()
@ListensTo<{ readonly runId: string }>(PointsAccrued, PointsCorrected, PointsExpired, ExpiryReversed)
export class FeedAccruedPoints implements SetWiseListener<{ readonly runId: string }> {
  constructor(private readonly takeIn: TakeInEvents) {}

  handleAll(tx: Tx, events: readonly Delivered<{ readonly runId: string }>[]): Promise<void> {
    return this.takeIn.runs(tx, events);
  }
}
