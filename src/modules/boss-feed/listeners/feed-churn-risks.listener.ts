import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/index.js';
import { type Delivered, ListensTo, type SetWiseListener } from '../../../platform/events/index.js';
import { ChurnRiskRaised, type RaisedRisk } from '../../analytics/index.js';
import { TakeInEvents } from '../application/take-in-events.js';

@Injectable()
@ListensTo(ChurnRiskRaised)
export class FeedChurnRisks implements SetWiseListener<RaisedRisk> {
  constructor(private readonly takeIn: TakeInEvents) {}

  handleAll(tx: Tx, events: readonly Delivered<RaisedRisk>[]): Promise<void> {
    return this.takeIn.churnRisks(tx, events);
  }
}
