import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../platform/clock/index.js';
import { newId, Transaction } from '../../../../platform/database/index.js';
import type { Auction } from '../../domain/auctions/auction.js';
import { assertPointsAmount } from '../../domain/ledger/points-amount.js';
import { AuctionTimesInvalid } from '../../domain/auctions/refusals-of-auctions.js';
import { insertAuction } from '../../persistence/auctions/auctions.js';

export type OpenAuction = Pick<
  Auction,
  'labelEn' | 'labelZh' | 'opensAt' | 'closesAt' | 'reservePoints' | 'stepPoints'
>;

/** Offers an item for points (积分竞投). */
@Injectable()
export class OpenAuctionUseCase {
  constructor(
    private readonly transaction: Transaction,
    private readonly clock: Clock,
  ) {}

  /** @throws AuctionTimesInvalid, InvalidPointsAmount */
  execute(offered: OpenAuction, actorId: string): Promise<Auction> {
    const now = this.clock.now();
    if (offered.closesAt <= offered.opensAt || offered.closesAt <= now) throw new AuctionTimesInvalid();
    assertPointsAmount(offered.reservePoints);
    assertPointsAmount(offered.stepPoints);
    const auction: Auction = {
      ...offered,
      ...{ auctionId: newId(), bids: 0, topPoints: null, status: 'OPEN', endedAt: null },
    };
    return this.transaction.run(async (tx) => {
      await insertAuction(tx, auction, actorId, now);
      tx.audit({
        action: 'points.open-auction',
        objectType: 'PointsAuction',
        objectId: auction.auctionId,
        after: { ...offered },
      });
      return auction;
    });
  }
}
