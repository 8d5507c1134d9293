import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/index.js';
import { type Delivered, ListensTo, type SetWiseListener } from '../../../platform/events/index.js';
import { TierChanged, type TierChange } from '../../tiering/index.js';
import { TakeInEvents } from '../application/take-in-events.js';

@Injectable()
@ListensTo(TierChanged)
export class FeedTierChanges implements SetWiseListener<TierChange> {
  constructor(private readonly takeIn: TakeInEvents) {}

  handleAll(tx: Tx, events: readonly Delivered<TierChange>[]): Promise<void> {
    return this.takeIn.tierChanges(tx, events);
  }
}
