import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/index.js';
import { ListensTo, type Delivered, type Listener } from '../../../platform/events/index.js';
import { TierChanged, type TierChange } from '../../tiering/index.js';
import { ReRankContact } from '../application/re-rank-contact.js';

@ListensTo(TierChanged)
@Injectable()
export class ReRankContactWhenTierChanges implements Listener<TierChange> {
  constructor(private readonly reRanking: ReRankContact) {}

  handle(tx: Tx, { payload }: Delivered<TierChange>): Promise<void> {
    return this.reRanking.execute(tx, payload.customerId, payload.to);
  }
}
