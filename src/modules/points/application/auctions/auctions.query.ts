import { Injectable } from '@nestjs/common';
import { Clock } from '../../../../platform/clock/index.js';
import { Database, isId } from '../../../../platform/database/index.js';
import { readPage, type ListRequest, type Page } from '../../../../platform/http/index.js';
import { CustomerNotFound, CustomersFacade } from '../../../customers/index.js';
import { type Auction, type AuctionState, auctionStateAt, type Bid } from '../../domain/auctions/auction.js';
import { AuctionNotFound } from '../../domain/auctions/refusals-of-auctions.js';
import { AUCTION_COLUMNS, auctionWithId, BID_COLUMNS } from '../../persistence/auctions/auctions.js';

export type ShownAuction = Auction & { readonly state: AuctionState };

/** Auctions name nobody; bids are their customer's. */
@Injectable()
export class FindAuctions {
  constructor(
    private readonly database: Database,
    private readonly customers: CustomersFacade,
    private readonly clock: Clock,
  ) {}

  list<View extends object>(list: ListRequest, view: (auction: ShownAuction) => View): Promise<Page<View>> {
    const source = { select: AUCTION_COLUMNS, from: 'points.auction a' };
    return readPage<Auction, View>(this.database, list, source, (auction) => view(this.asOfNow(auction)));
  }

  /** @throws AuctionNotFound */
  async one(auctionId: string): Promise<ShownAuction> {
    const auction = isId(auctionId) ? await auctionWithId(this.database, auctionId) : undefined;
    if (!auction) throw new AuctionNotFound();
    return this.asOfNow(auction);
  }

  /** @throws CustomerNotFound */
  async bidsOf<View extends object>(
    customerId: string,
    list: ListRequest,
    view: (bid: Bid) => View,
  ): Promise<Page<View>> {
    if (!(await this.customers.exists(customerId))) throw new CustomerNotFound();
    const source = {
      select: BID_COLUMNS,
      from: 'points.auction_bid b',
      where: 'b.customer_id = $1',
      params: [customerId],
    };
    return readPage<Bid, View>(this.database, list, source, view);
  }

  /** Whoever got the item, where the reader may see him. @throws AuctionNotFound when nobody did */
  async winnerOf(auctionId: string): Promise<Bid> {
    const [bid] = isId(auctionId)
      ? await this.database.query<Bid>(
          `SELECT ${BID_COLUMNS} FROM points.auction_bid b WHERE b.auction_id = $1 AND b.state = 'WON'`,
          [auctionId],
        )
      : [];
    if (!bid) throw new AuctionNotFound();
    return bid;
  }

  asOfNow(auction: Auction): ShownAuction {
    return { ...auction, state: auctionStateAt(auction, this.clock.now()) };
  }
}
