import { Injectable } from '@nestjs/common';
import { businessDate, Clock } from '../../../../platform/clock/index.js';
import { asSystem, isId, newId, Transaction, type Tx } from '../../../../platform/database/index.js';
import { CustomerNotFound } from '../../../customers/index.js';
import { type Auction, auctionStateAt, type Bid, leastBid } from '../../domain/auctions/auction.js';
import { assertPointsAmount } from '../../domain/ledger/points-amount.js';
import { HoldEnded, KeyReused } from '../../domain/ledger/refusals.js';
import { AuctionNotFound, AuctionNotOpen, BidTooLow } from '../../domain/auctions/refusals-of-auctions.js';
import { requestHash } from '../../domain/ledger/request-hash.js';
import {
  auctionWithId,
  bidByKey,
  countBid,
  endBid,
  insertBid,
  standingBids,
  type StandingBid,
} from '../../persistence/auctions/auctions.js';
import { leavingItsUse, takeInstead } from '../../persistence/money/budgets.js';
import { SingleOperations } from '../../persistence/ledger/single-operations.js';

export interface PlaceBid {
  readonly auctionId: string;
  readonly customerId: string;
  readonly points: number;
  readonly channel: string;
  readonly actorId: string;
  /** What the client calls this request; the same again is answered with what was stored. Ours alone when absent. */
  readonly key: string | undefined;
}

/** The hold outlives the auction, so that it is the closing that ends it. */
const HELD_AFTER_CLOSING_MS = 7 * 24 * 3_600_000;

/**
 * Bids points for an item (积分竞投). The points are held; those of the bid that is outbid are let go of in the same transaction. The
 * auction is locked before any account, and accounts in the order of their ids.
 */
@Injectable()
export class PlaceBidUseCase {
  constructor(
    private readonly transaction: Transaction,
    private readonly single: SingleOperations,
    private readonly clock: Clock,
  ) {}

  /**
   * @throws AuctionNotFound, CustomerNotFound, KeyPersonNeeded, KeyReused, AuctionNotOpen, BidTooLow, InvalidPointsAmount, AccountClosed,
   *   AccountFrozen, RealNameNeeded, BelowThreshold, InsufficientPoints, BudgetUsedUp
   */
  async execute({ auctionId, points, channel, actorId, key, ...bidder }: PlaceBid): Promise<Bid> {
    assertPointsAmount(points);
    // As the database writes it: accounts are locked in their order.
    const customerId = bidder.customerId.toLowerCase();
    if (!isId(auctionId)) throw new AuctionNotFound();
    if (!isId(customerId)) throw new CustomerNotFound();
    const bidId = newId();
    const idemKey = `bid:${actorId}:${key ?? bidId}`;
    const hash = requestHash(auctionId, points, channel);
    return asSystem(() =>
      this.transaction.run(async (tx) => {
        const auction = await auctionWithId(tx, auctionId, 'FOR UPDATE');
        if (!auction) throw new AuctionNotFound();
        const known = await bidByKey(tx, customerId, idemKey);
        if (known && known.requestHash !== hash) throw new KeyReused();
        if (known) return known;
        // Read under the lock: whoever waited for it may have waited until after the end.
        const placedAt = this.clock.now();
        requireOpen(auction, placedAt);
        const top = await this.topOf(tx, auction, placedAt);
        const atLeast = leastBid(auction, top?.points);
        if (points < atLeast) throw new BidTooLow({ atLeast, requested: points });
        const bid: Bid = {
          ...{ bidId, customerId, auctionId, points, channel, placedAt, holdId: newId(), sequence: auction.bids + 1 },
          ...{ state: 'TOP', endedAt: null },
        };
        const hold = () => this.hold(tx, bid, auction, { actorId, hash });
        let ended: { readonly useId: string; readonly returnId: string } | undefined;
        const letGo = async () => {
          if (top) ended = await this.outbid(tx, top, placedAt);
        };
        // Whoever raises his own bid needs the points once.
        for (const step of top && top.customerId <= customerId ? [letGo, hold] : [hold, letGo]) await step();
        // What is won is handed over. Taken when it is bid: a winner is not refused.
        const use = { useId: bid.holdId, kind: 'GOODS', customerId, points, on: businessDate(placedAt) } as const;
        await takeInstead(tx, use, ended);
        await insertBid(tx, bid, idemKey, hash);
        await countBid(tx, bid);
        tx.audit({
          action: 'points.bid',
          objectType: 'PointsBid',
          objectId: bidId,
          customerId,
          after: { auctionId, points, channel },
        });
        return bid;
      }),
    );
  }

  /** The bid to be outdone: one whose points are gone meanwhile is none any more. */
  private async topOf(tx: Tx, { auctionId }: Auction, now: Date): Promise<StandingBid | undefined> {
    const bids = await standingBids(tx, auctionId);
    for (const gone of bids.filter(({ isHeld }) => !isHeld)) await endBid(tx, gone, 'VOID', now);
    return bids.find(({ isHeld }) => isHeld);
  }

  private async hold(
    tx: Tx,
    { customerId, bidId, auctionId, holdId, points, channel, placedAt }: Bid,
    { closesAt }: Auction,
    { actorId, hash }: { readonly actorId: string; readonly hash: string },
  ): Promise<void> {
    await this.single.authorise(tx, {
      ...{ customerId, journalId: newId(), idemKey: `bid-hold:${bidId}`, requestHash: hash, holdId, points },
      ...{ purpose: 'AUCTION', expiresAt: new Date(closesAt.getTime() + HELD_AFTER_CLOSING_MS) },
      ...{ occurredAt: placedAt, recordedAt: placedAt, businessDate: businessDate(placedAt), channel, actorId },
      metadata: { auctionId, bidId },
    });
  }

  /** Answers what its hold has taken from the budgets, and by what entry it has ended. */
  private async outbid(
    tx: Tx,
    { customerId, bidId, auctionId, holdId }: Bid,
    now: Date,
  ): Promise<{ readonly useId: string; readonly returnId: string } | undefined> {
    await endBid(tx, { customerId, bidId }, 'OUTBID', now);
    try {
      const { entry } = await this.single.release(leavingItsUse(tx), {
        ...{ customerId, journalId: newId(), idemKey: `outbid:${bidId}`, requestHash: requestHash(bidId) },
        ...{ holdId, as: 'VOIDED', occurredAt: now, recordedAt: now, businessDate: businessDate(now) },
        metadata: { auctionId, bidId },
      });
      return { useId: holdId, returnId: entry.journalId };
    } catch (error) {
      // Ended from elsewhere a moment ago, as when the account was closed: the points are not held any more, which is what is wanted.
      if (!(error instanceof HoldEnded)) throw error;
      return undefined;
    }
  }
}

function requireOpen(auction: Auction, now: Date): void {
  if (auctionStateAt(auction, now) === 'open') return;
  throw new AuctionNotOpen({ opensAt: auction.opensAt.toISOString(), closesAt: auction.closesAt.toISOString() });
}
