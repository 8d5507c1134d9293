import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/index.js';
import { type Delivered, ListensTo, type SetWiseListener } from '../../../platform/events/index.js';
import { PointsEarned, PointsForfeited, PointsMoved, PointsRedeemed, RedemptionReversed } from '../../points/index.js';
import { TakeInEvents } from '../application/take-in-events.js';

interface Entry {
  readonly customerId: string;
  readonly journalId: string;
}

@Injectable()
@ListensTo<Entry>(PointsEarned, PointsRedeemed, RedemptionReversed, PointsForfeited, PointsMoved)
export class FeedPoints implements SetWiseListener<Entry> {
  constructor(private readonly takeIn: TakeInEvents) {}

  handleAll(tx: Tx, events: readonly Delivered<Entry>[]): Promise<void> {
    return this.takeIn.ledgerEntries(tx, events);
  }
}
