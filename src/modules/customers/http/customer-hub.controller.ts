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
import { customerHub } from '../application/customer-hub.js';

const PATH = '/tmf-api/customerManagement/v4/hub';

@ApiTags('Customers (客户档案, TMF629)')
@Controller(PATH)
export class CustomerHubController {
  constructor(private readonly hub: Hub) {}

  @Post()
  @Operation({
    summary: 'Be told of customers that come, change state or are erased (订阅客户事件)',
    description: `At least once, signed; ids only, no data. Events: ${customerHub.eventTypes.join(', ')}.`,
    permission: 'customers.read',
    creates: SubscriptionView,
    refusals: [CallbackRefused, InvalidHubQuery, SubscriberSeesTooLittle, TooManySubscriptions],
  })
  async subscribe(@Body() body: SubscribeBody, @CurrentActor() actor: Actor): Promise<SubscriptionView> {
    return subscriptionView(PATH, await this.hub.subscribe(customerHub, body, actor));
  }

  @Delete(':id')
  @Operation({
    summary: 'Be told no more of customers (取消订阅客户事件)',
    permission: 'customers.read',
    noContent: true,
    refusals: [SubscriptionNotFound],
  })
  unsubscribe(@Param('id', ResourceIdPipe) id: string, @CurrentActor() actor: Actor): Promise<void> {
    return this.hub.unsubscribe(customerHub, id, actor);
  }
}
