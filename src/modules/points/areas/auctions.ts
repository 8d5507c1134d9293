import { AuctionsInCopy } from '../application/auctions/auctions-in-copy.js';
import { FindAuctions } from '../application/auctions/auctions.query.js';
import { CloseAuctions } from '../application/auctions/close-auctions.js';
import { OpenAuctionUseCase } from '../application/auctions/open-auction.js';
import { PlaceBidUseCase } from '../application/auctions/place-bid.js';
import { AuctionsController } from '../http/auctions/auctions.controller.js';
import { CloseAuctionsJob } from '../jobs/close-auctions.job.js';

/** Auctions for points (积分竞拍). */
export const auctions = {
  controllers: [AuctionsController],
  providers: [AuctionsInCopy, OpenAuctionUseCase, PlaceBidUseCase, FindAuctions],
  workers: [CloseAuctions, CloseAuctionsJob],
};
