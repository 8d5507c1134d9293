import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/index.js';
import { TieringFacade, type Tier } from '../../tiering/index.js';
import { reRank } from '../persistence/routing-rows.js';

@Injectable()
export class ReRankContact {
  constructor(private readonly tiering: TieringFacade) {}

  /** A customer who rises or falls while waiting is served by the new level. The next sweep matches by it. */
  async execute(tx: Tx, customerId: string, tier: Tier): Promise<void> {
    await reRank(tx, customerId, tier, this.tiering.serviceRank(tier));
  }
}
