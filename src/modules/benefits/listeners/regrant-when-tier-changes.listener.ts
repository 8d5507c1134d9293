import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../platform/clock/index.js';
import type { Tx } from '../../../platform/database/index.js';
import { ListensTo, type Delivered, type SetWiseListener } from '../../../platform/events/index.js';
import { TierChanged, type TierChange } from '../../tiering/index.js';
import { RegrantEntitlements } from '../application/regrant-entitlements.js';

@ListensTo(TierChanged)
@Injectable()
export class RegrantWhenTierChanges implements SetWiseListener<TierChange> {
  constructor(
    private readonly regranting: RegrantEntitlements,
    private readonly clock: Clock,
  ) {}

  /** The levels are read anew: an event that comes twice, late or after the one that follows it, does no harm. */
  async handleAll(tx: Tx, events: readonly Delivered<TierChange>[]): Promise<void> {
    const customerIds = [...new Set(events.map(({ payload }) => payload.customerId))];
    await this.regranting.execute(tx, customerIds, businessDate(this.clock.now()));
  }
}
