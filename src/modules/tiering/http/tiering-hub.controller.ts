import { Body, Controller, Delete, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  Hub,
  InvalidHubQuery,
  SubscribeBody,
  SubscriberSeesTooLittle,
  SubscriptionNotFound,
  SubscriptionView,
  subscriptionView,
  TooManySubscriptions,
} from '../../../platform/events/index.js';
import { CallbackRefused, CurrentActor, Operation, ResourceIdPipe } from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { tieringHub } from '../application/tiering-hub.js';

const PATH = '/care-api/tiering/v1/hub';

@ApiTags('Tiering (客户级别)')
@Controller(PATH)
export class TieringHubController {
  constructor(private readonly hub: Hub) {}

  @Post()
  @Operation({
    summary: 'Be told of levels that change, will be lowered or are kept (订阅级别事件)',
    description:
      `At least once, signed; ids only, no data. Events: ${tieringHub.eventTypes.join(', ')}. A review tells of everybody whose level ` +
      'it keeps, where the rules say so: `query` leaves out what is not wanted.',
    permission: 'tiering.read',
    creates: SubscriptionView,
    refusals: [CallbackRefused, InvalidHubQuery, SubscriberSeesTooLittle, TooManySubscriptions],
  })
  async subscribe(@Body() body: SubscribeBody, @CurrentActor() actor: Actor): Promise<SubscriptionView> {
    return subscriptionView(PATH, await this.hub.subscribe(tieringHub, body, actor));
  }

  @Delete(':id')
  @Operation({
    summary: 'Be told no more of levels (取消订阅级别事件)',
    permission: 'tiering.read',
    noContent: true,
    refusals: [SubscriptionNotFound],
  })
  unsubscribe(@Param('id', ResourceIdPipe) id: string, @CurrentActor() actor: Actor): Promise<void> {
    return this.hub.unsubscribe(tieringHub, id, actor);
  }
}
