import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  CurrentActor, headOf, ListQuery, Operation, ResourceNotFound, type ListRequest, type Page,
} from '../../../platform/http/index.js'; // prettier-ignore
import type { Actor } from '../../../platform/identity/index.js';
import { AddFeed } from '../application/add-feed.js';
import { FindFeeds } from '../application/find-feeds.query.js';
import { HandOutFeed } from '../application/hand-out-feed.js';
import type { Feed } from '../domain/feed.js';
import { BeyondTheFeed, FeedExists } from '../domain/refusals.js';
import { AddFeedBody, FeedItemsView, FeedView, ItemQuery } from './feed.dto.js';
import { feeds } from './resources.js';

@ApiTags('Feeds to BOSS and the data warehouse (经分系统接口)')
@Controller('/care-api/feed/v1')
export class FeedsController {
  constructor(
    private readonly find: FindFeeds,
    private readonly adding: AddFeed,
    private readonly handOut: HandOutFeed,
  ) {}

  @Get('feed')
  @Operation({ summary: 'List the feeds (接口清单)', permission: 'feed.read', returns: FeedView })
  list(@ListQuery(feeds) list: ListRequest, @CurrentActor() actor: Actor): Promise<Page<FeedView>> {
    return this.find.page(list, actor, viewOf);
  }

  @Get('feed/:id')
  @Operation({
    summary: 'How far a feed has come (接口进度)',
    permission: 'feed.read',
    returns: FeedView,
    refusals: [ResourceNotFound],
  })
  async get(@Param('id') id: string, @CurrentActor() actor: Actor): Promise<FeedView> {
    return viewOf(await this.find.one(id, actor));
  }

  @Post('feed')
  @Operation({
    summary: 'Add a feed of one province (新增分省接口)',
    description: 'Beside that of the whole operator. It begins with what happens from now on.',
    permission: 'feed.manage',
    wholeOperator: true,
    creates: FeedView,
    refusals: [FeedExists],
  })
  async add(@Body() { kind, target }: AddFeedBody): Promise<FeedView> {
    return viewOf(await this.adding.execute(kind, target));
  }

  @Get('item')
  @Operation({
    summary: 'Read a feed from a number on (按序号读取)',
    description:
      'In the order of their numbers, without gaps: what is after the last number that you have is what you miss. Seconds after it happened.',
    permission: 'feed.read',
    returns: FeedItemsView,
    refusals: [ResourceNotFound, BeyondTheFeed],
  })
  async items(
    @Query() { feed: feedId, after, limit }: ItemQuery,
    @CurrentActor() actor: Actor,
  ): Promise<FeedItemsView> {
    const { feed, items } = await this.handOut.itemsAfter({ feedId, afterSequence: after, limit }, actor);
    return {
      '@type': 'FeedItems',
      feed: feedId,
      toSequence: items.at(-1)?.sequence ?? after,
      lastSequence: feed.lastSequence,
      items: items.map(({ sequence, eventId, occurredAt, account, customerId, isBackfill, detail }) => ({
        sequence,
        eventId,
        occurredAt,
        accountSource: account?.source,
        accountNo: account?.accountNo,
        customerId: account ? undefined : customerId,
        isBackfill,
        detail,
      })),
    };
  }
}

const viewOf = (feed: Feed): FeedView => ({
  ...headOf(feeds, feed.feedId),
  kind: feed.kind,
  target: feed.target,
  lastSequence: feed.lastSequence,
  filedSequence: feed.filedSequence,
  lastFileSequence: feed.lastFileSequence,
  filedUntil: feed.filedUntil,
  createdAt: feed.createdAt,
});
