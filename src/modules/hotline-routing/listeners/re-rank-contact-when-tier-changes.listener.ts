import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/index.js';
import { ListensTo, type Delivered, type SetWiseListener } from '../../../platform/events/index.js';
import { TierChanged, type TierChange } from '../../tiering/index.js';
import { ReRankContact } from '../application/re-rank-contact.js';

@ListensTo(TierChanged)
@Injectable()
export class ReRankContactWhenTierChanges implements SetWiseListener<TierChange> {
  constructor(private readonly reRanking: ReRankContact) {}

  handleAll(tx: Tx, events: readonly Delivered<TierChange>[]): Promise<void> {
    return this.reRanking.execute(
      tx,
      events.map(({ payload: { customerId, to } }) => ({ customerId, tier: to })),
    );
  }
}
