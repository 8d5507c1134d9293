import { Injectable } from '@nestjs/common';
import type { Tx } from '../../../platform/database/index.js';
import { TieringFacade, type Tier } from '../../tiering/index.js';
import { reRank } from '../persistence/routing-rows.js';

export interface ChangedLevel {
  readonly customerId: string;
  readonly tier: Tier;
}

@Injectable()
export class ReRankContact {
  constructor(private readonly tiering: TieringFacade) {}

  /**
   * Customers who rise or fall while waiting are served by the new level; of one who does both, the last one counts. The next sweep
   * matches by it.
   */
  async execute(tx: Tx, changes: readonly ChangedLevel[]): Promise<void> {
    const last = new Map(changes.map(({ customerId, tier }) => [customerId, tier]));
    await reRank(
      tx,
      [...last].map(([customerId, tier]) => ({ customerId, tier, rank: this.tiering.serviceRank(tier) })),
    );
  }
}
