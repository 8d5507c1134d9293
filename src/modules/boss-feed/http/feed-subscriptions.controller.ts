import { Body, Controller, Delete, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  CallbackRefused, CurrentActor, headOf, ListQuery, Operation, ResourceIdPipe, ResourceNotFound, type ListRequest, type Page,
} from '../../../platform/http/index.js'; // prettier-ignore
import type { Actor } from '../../../platform/identity/index.js';
import { FeedSubscriptions, type FeedSubscription } from '../application/feed-subscriptions.js';
import { BeyondTheFeed, TooManyFeedSubscriptions } from '../domain/refusals.js';
import { FeedSubscriptionView, NewFeedSubscriptionView, SubscribeToFeedBody } from './feed.dto.js';
import { feedSubscriptions } from './resources.js';

@ApiTags('Feeds to BOSS and the data warehouse (经分系统接口)')
@Controller(feedSubscriptions.path)
export class FeedSubscriptionsController {
  constructor(private readonly subscriptions: FeedSubscriptions) {}

  @Post()
  @Operation({
    summary: 'Be sent a feed as it comes (订阅推送)',
    description:
      'For systems; people need `feed.manage`. Signed batches of up to 500 items, in order: the next one when this one was answered with 2xx. At least once; a batch that comes again holds the same items.',
    permission: 'feed.read',
    creates: NewFeedSubscriptionView,
    refusals: [ResourceNotFound, CallbackRefused, BeyondTheFeed, TooManyFeedSubscriptions],
  })
  async subscribe(
    @Body() { feed: feedId, callback, after: afterSequence }: SubscribeToFeedBody,
    @CurrentActor() actor: Actor,
  ): Promise<NewFeedSubscriptionView> {
    const { secret, ...subscription } = await this.subscriptions.subscribe({ feedId, callback, afterSequence }, actor);
    return { ...viewOf(subscription), secret };
  }

  @Get()
  @Operation({
    summary: 'List subscriptions to feeds (推送订阅清单)',
    description: 'The own ones; with `feed.manage` those of all.',
    permission: 'feed.read',
    returns: FeedSubscriptionView,
  })
  list(
    @ListQuery(feedSubscriptions) list: ListRequest,
    @CurrentActor() actor: Actor,
  ): Promise<Page<FeedSubscriptionView>> {
    return this.subscriptions.page(list, actor, viewOf);
  }

  @Get(':id')
  @Operation({
    summary: 'How far a subscriber has come (推送进度)',
    permission: 'feed.read',
    returns: FeedSubscriptionView,
    refusals: [ResourceNotFound],
  })
  async get(@Param('id', ResourceIdPipe) id: string, @CurrentActor() actor: Actor): Promise<FeedSubscriptionView> {
    return viewOf(await this.subscriptions.one(id, actor));
  }

  @Delete(':id')
  @Operation({
    summary: 'Be sent nothing any more (取消推送)',
    permission: 'feed.read',
    noContent: true,
    refusals: [ResourceNotFound],
  })
  end(@Param('id', ResourceIdPipe) id: string, @CurrentActor() actor: Actor): Promise<void> {
    return this.subscriptions.end(id, actor);
  }
}

const viewOf = (each: FeedSubscription): FeedSubscriptionView => ({
  ...headOf(feedSubscriptions, each.subscriptionId),
  feed: each.feedId,
  callback: each.callback,
  createdAt: each.createdAt,
  acceptedSequence: each.acceptedSequence,
  attempts: each.attempts,
  lastError: each.lastError,
  endedAt: each.endedAt,
});
