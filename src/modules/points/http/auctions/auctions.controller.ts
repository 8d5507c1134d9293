import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  CurrentActor,
  defineResource,
  EnumField,
  headOf,
  IdempotencyKey,
  IdField,
  InstantField,
  IntegerField,
  ListQuery,
  ObjectField,
  Operation,
  ResourceIdPipe,
  TextField,
  type ListRequest,
  type Page,
} from '../../../../platform/http/index.js';
import type { Actor } from '../../../../platform/identity/index.js';
import { CustomerNotFound } from '../../../customers/index.js';
import { AccessRegister } from '../../../organization/index.js';
import { FindAuctions, type ShownAuction } from '../../application/auctions/auctions.query.js';
import { OpenAuctionUseCase } from '../../application/auctions/open-auction.js';
import { PlaceBidUseCase } from '../../application/auctions/place-bid.js';
import { AUCTION_STATES, type Bid } from '../../domain/auctions/auction.js';
import { KeyReused } from '../../domain/ledger/refusals.js';
import { BudgetUsedUp } from '../../domain/money/refusals-of-money.js';
import {
  AuctionNotFound,
  AuctionNotOpen,
  AuctionTimesInvalid,
  BidTooLow,
} from '../../domain/auctions/refusals-of-auctions.js';
import { CHANNELS } from '../ledger/channels.js';
import { CustomerId, OF_CUSTOMER, SPENDING_REFUSALS } from '../ledger/of-customer.js';
import { accounts } from '../ledger/points.resources.js';

const BID_STATES = ['TOP', 'OUTBID', 'WON', 'VOID'] as const;

const auctions = defineResource({
  type: 'PointsAuction',
  path: '/care-api/points/v1/auction',
  attributes: {
    id: { type: 'id', column: 'a.auction_id', filter: true },
    opensAt: { type: 'instant', column: 'a.opens_at', filter: true, sort: true },
    closesAt: { type: 'instant', column: 'a.closes_at', filter: true, sort: true },
  },
  defaultSort: '-closesAt',
});

const bids = defineResource({
  type: 'PointsBid',
  path: `${accounts.path}/{customerId}/bid`,
  attributes: {
    id: { type: 'id', column: 'b.bid_id', filter: true },
    auctionId: { type: 'id', column: 'b.auction_id', filter: true },
    state: { type: 'enum', column: 'b.state', values: BID_STATES, filter: true },
    placedAt: { type: 'instant', column: 'b.placed_at', filter: true, sort: true },
  },
  defaultSort: '-placedAt',
});

class AuctionLabel {
  @TextField({ maxLength: 200, example: 'Two tickets for the concert' }) en!: string;
  @TextField({ maxLength: 200, example: '演唱会门票两张' }) zh!: string;
}

class CreateAuction {
  @ObjectField(() => AuctionLabel, { description: 'What it is for' })
  label!: AuctionLabel;

  @InstantField({ example: '2030-01-01T10:00:00+08:00' })
  opensAt!: Date;

  @InstantField({ example: '2030-01-08T10:00:00+08:00', description: 'From this moment on nobody bids any more' })
  closesAt!: Date;

  @IntegerField({ min: 1, max: 1_000_000_000, description: 'The first bid is at least this', example: 1000 })
  reservePoints!: number;

  @IntegerField({
    min: 1,
    max: 1_000_000_000,
    description: 'Each bid is at least so much above the one before',
    example: 100,
  })
  stepPoints!: number;
}

class AuctionView {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'PointsAuction' }) '@type'!: string;
  @ObjectField(() => AuctionLabel) label!: AuctionLabel;
  @InstantField() opensAt!: Date;
  @InstantField() closesAt!: Date;
  @IntegerField({ example: 1000 }) reservePoints!: number;
  @IntegerField({ example: 100 }) stepPoints!: number;
  @IntegerField({ description: 'How many were made', example: 3 }) bids!: number;
  @IntegerField({ optional: true, description: 'The highest bid', example: 1200 }) topPoints?: number | undefined;
  @EnumField({ values: AUCTION_STATES, description: 'closing: over, and the winner is about to be found' })
  state!: string;
  @InstantField({ optional: true }) endedAt?: Date | undefined;
}

class CreateBid {
  @IdField({ description: 'The customer who bids' })
  customerId!: string;

  @IntegerField({ min: 1, description: 'They are held until the bid is outbid or wins', example: 1000 })
  points!: number;

  @EnumField({ values: CHANNELS, description: 'Where the customer asked' })
  channel!: string;
}

class BidView {
  @IdField({ readOnly: true }) id!: string;
  @TextField({ readOnly: true }) href!: string;
  @TextField({ example: 'PointsBid' }) '@type'!: string;
  @IdField() customerId!: string;
  @IdField() auctionId!: string;
  @IntegerField({ description: 'Number of the bid in its auction', example: 3 }) sequence!: number;
  @IntegerField({ example: 1200 }) points!: number;
  @EnumField({
    values: BID_STATES,
    description: 'VOID: its points were lost before the end, as when the account was closed',
  })
  state!: string;
  @InstantField() placedAt!: Date;
  @InstantField({ optional: true }) endedAt?: Date | undefined;
}

@ApiTags('Points: auctions (积分竞投)')
@Controller('/care-api/points/v1')
export class AuctionsController {
  constructor(
    private readonly find: FindAuctions,
    private readonly opening: OpenAuctionUseCase,
    private readonly bidding: PlaceBidUseCase,
    private readonly register: AccessRegister,
  ) {}

  @Get('auction')
  @Operation({
    summary: 'What is auctioned for points (积分竞投查询)',
    permission: 'points.read',
    selfService: true,
    returns: AuctionView,
  })
  list(@ListQuery(auctions) list: ListRequest): Promise<Page<AuctionView>> {
    return this.find.list(list, viewOf);
  }

  @Get('auction/:id')
  @Operation({
    summary: 'One auction (积分竞投详情)',
    description: 'Without who bids.',
    permission: 'points.read',
    selfService: true,
    returns: AuctionView,
    refusals: [AuctionNotFound],
  })
  async one(@Param('id', ResourceIdPipe) id: string): Promise<AuctionView> {
    return viewOf(await this.find.one(id));
  }

  @Get('auction/:id/winner')
  @Operation({
    summary: 'Who has won an auction (积分竞投中标客户)',
    description: 'For whoever hands the item over and may see the customer.',
    permission: 'points.auction',
    returns: BidView,
    refusals: [AuctionNotFound],
  })
  async winner(@Param('id', ResourceIdPipe) id: string, @CurrentActor() actor: Actor): Promise<BidView> {
    const bid = await this.find.winnerOf(id);
    await this.registerLook(actor, 'points.auctionWinner', bid.customerId);
    return bidViewOf(bid);
  }

  @Post('auction')
  @Operation({
    summary: 'Auction something for points (发起积分竞投)',
    permission: 'points.auction',
    creates: AuctionView,
    idempotent: true,
    refusals: [AuctionTimesInvalid],
  })
  async open(
    @Body() { label, opensAt, closesAt, reservePoints, stepPoints }: CreateAuction,
    @CurrentActor() { id: actorId }: Actor,
  ): Promise<AuctionView> {
    const offered = { labelEn: label.en, labelZh: label.zh, opensAt, closesAt, reservePoints, stepPoints };
    return viewOf(this.find.asOfNow(await this.opening.execute(offered, actorId)));
  }

  @Post('auction/:id/bid')
  @Operation({
    summary: 'Bid points (积分竞投出价)',
    description:
      'The points are held; once the bid is outbid they are available again. Whoever is highest when the auction closes has won, and ' +
      'the points are used. The Idempotency-Key is also kept with the bid, so that a repetition is harmless for ever.',
    permission: 'points.redeem',
    selfService: true,
    freshCode: true,
    concerns: { customer: 'body.customerId', unknown: CustomerNotFound },
    creates: BidView,
    idempotent: true,
    refusals: [...SPENDING_REFUSALS, ...[AuctionNotFound, AuctionNotOpen, BidTooLow, KeyReused, BudgetUsedUp]],
  })
  async bid(
    @Param('id', ResourceIdPipe) auctionId: string,
    @Body() { customerId, points, channel }: CreateBid,
    @IdempotencyKey() key: string | undefined,
    @CurrentActor() { id: actorId }: Actor,
  ): Promise<BidView> {
    return bidViewOf(await this.bidding.execute({ auctionId, customerId, points, channel, key, actorId }));
  }

  @Get('account/:customerId/bid')
  @Operation({
    summary: 'What a customer has bid, newest first (客户竞投记录)',
    permission: 'points.read',
    selfService: true,
    concerns: OF_CUSTOMER,
    returns: BidView,
    refusals: [CustomerNotFound],
  })
  async bids(
    @CustomerId() customerId: string,
    @ListQuery(bids) list: ListRequest,
    @CurrentActor() actor: Actor,
  ): Promise<Page<BidView>> {
    const page = await this.find.bidsOf(customerId, list, bidViewOf);
    await this.registerLook(actor, 'points.bids', customerId);
    return page;
  }

  private registerLook(actor: Actor, action: string, customerId: string): Promise<void> {
    return this.register.record({ actor, action, customerIds: [customerId], fieldGroups: ['points'] });
  }
}

const viewOf = ({
  auctionId,
  labelEn,
  labelZh,
  topPoints,
  endedAt,
  status: _,
  ...auction
}: ShownAuction): AuctionView => ({
  ...headOf(auctions, auctionId),
  label: { en: labelEn, zh: labelZh },
  ...auction,
  topPoints: topPoints ?? undefined,
  endedAt: endedAt ?? undefined,
});

const bidViewOf = ({ bidId, customerId, auctionId, sequence, points, state, placedAt, endedAt }: Bid): BidView => ({
  ...headOf({ type: bids.type, path: `${accounts.path}/${customerId}/bid` }, bidId),
  ...{ customerId, auctionId, sequence, points, state, placedAt },
  endedAt: endedAt ?? undefined,
});
