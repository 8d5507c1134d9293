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
import { usageHub } from '../application/usage-hub.js';

const PATH = '/tmf-api/usageManagement/v4/hub';

@ApiTags('Usage management (话单, TMF635)')
@Controller(PATH)
export class UsageHubController {
  constructor(private readonly hub: Hub) {}

  @Post()
  @Operation({
    summary: 'Be told of usage that is pushed, corrected or taken back here, and of its specifications (订阅话单事件)',
    description:
      `At least once, signed; ids only, no data. Events: ${usageHub.eventTypes.join(', ')}. Of single records that come through this ` +
      'API only: a file or batch holds up to a million, and says itself what became of them.',
    permission: 'usage.read',
    creates: SubscriptionView,
    refusals: [CallbackRefused, InvalidHubQuery, SubscriberSeesTooLittle, TooManySubscriptions],
  })
  async subscribe(@Body() body: SubscribeBody, @CurrentActor() actor: Actor): Promise<SubscriptionView> {
    return subscriptionView(PATH, await this.hub.subscribe(usageHub, body, actor));
  }

  @Delete(':id')
  @Operation({
    summary: 'Be told no more of usage (取消订阅话单事件)',
    permission: 'usage.read',
    noContent: true,
    refusals: [SubscriptionNotFound],
  })
  unsubscribe(@Param('id', ResourceIdPipe) id: string, @CurrentActor() actor: Actor): Promise<void> {
    return this.hub.unsubscribe(usageHub, id, actor);
  }
}
