import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../../platform/clock/index.js';
import { newId, Transaction, type Tx } from '../../../../platform/database/index.js';
import type { Bid } from '../../domain/auctions/auction.js';
import { PointsMoved } from '../../domain/ledger/events.js';
import { HoldEnded } from '../../domain/ledger/refusals.js';
import { requestHash } from '../../domain/ledger/request-hash.js';
import {
  auctionsToClose,
  auctionWithId,
  endAuction,
  endBid,
  standingBids,
} from '../../persistence/auctions/auctions.js';
import { SingleOperations } from '../../persistence/ledger/single-operations.js';

/** Ends auctions whose time is over: the points of the highest bid that still holds them are used, once. */
@Injectable()
export class CloseAuctions {
  constructor(
    private readonly transaction: Transaction,
    private readonly single: SingleOperations,
    private readonly clock: Clock,
  ) {}

  /** Answers how many were ended. */
  async execute(): Promise<number> {
    const due = await this.transaction.run((tx) => auctionsToClose(tx, this.clock.now()));
    const failures: unknown[] = [];
    for (const auctionId of due) {
      await this.transaction.run((tx) => this.close(tx, auctionId)).catch((failure: unknown) => failures.push(failure));
    }
    // One that fails does not keep the others open.
    if (failures.length > 0) throw new AggregateError(failures, 'Auctions were not closed');
    return due.length;
  }

  private async close(tx: Tx, auctionId: string): Promise<void> {
    const auction = await auctionWithId(tx, auctionId, 'FOR UPDATE');
    const now = this.clock.now();
    if (auction?.status !== 'OPEN' || now < auction.closesAt) return;
    for (const bid of await standingBids(tx, auctionId)) {
      if (bid.isHeld && (await this.isCaptured(tx, bid, now))) {
        await endBid(tx, bid, 'WON', now);
        return endAuction(tx, auctionId, { status: 'WON', topPoints: bid.points, at: now });
      }
      // Ended from elsewhere, as when the account was closed.
      await endBid(tx, bid, 'VOID', now);
    }
    await endAuction(tx, auctionId, { status: 'FAILED', topPoints: null, at: now });
  }

  private async isCaptured(tx: Tx, { customerId, auctionId, bidId, holdId, points }: Bid, now: Date): Promise<boolean> {
    try {
      await this.single.capture(tx, {
        ...{
          customerId,
          journalId: newId(),
          idemKey: `auction:${auctionId}:win`,
          requestHash: requestHash(bidId, points),
        },
        ...{ holdId, points, into: 'REDEEMED_AUCTION', event: PointsMoved.name },
        ...{ occurredAt: now, recordedAt: now, businessDate: businessDate(now), metadata: { auctionId, bidId } },
      });
      return true;
    } catch (error) {
      if (error instanceof HoldEnded) return false;
      throw error;
    }
  }
}
