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
import { ticketHub } from '../application/ticket-hub.js';

const PATH = '/tmf-api/troubleTicket/v4/hub';

@ApiTags('Trouble tickets (投诉工单)')
@Controller(PATH)
export class TicketHubController {
  constructor(private readonly hub: Hub) {}

  @Post()
  @Operation({
    summary: 'Be told of tickets that are opened or change status (订阅工单事件)',
    description: `At least once, signed; ids only, no data. Events: ${ticketHub.eventTypes.join(', ')}.`,
    permission: 'tickets.read',
    creates: SubscriptionView,
    refusals: [CallbackRefused, InvalidHubQuery, SubscriberSeesTooLittle, TooManySubscriptions],
  })
  async subscribe(@Body() body: SubscribeBody, @CurrentActor() actor: Actor): Promise<SubscriptionView> {
    return subscriptionView(PATH, await this.hub.subscribe(ticketHub, body, actor));
  }

  @Delete(':id')
  @Operation({
    summary: 'Be told no more of tickets (取消订阅工单事件)',
    permission: 'tickets.read',
    noContent: true,
    refusals: [SubscriptionNotFound],
  })
  unsubscribe(@Param('id', ResourceIdPipe) id: string, @CurrentActor() actor: Actor): Promise<void> {
    return this.hub.unsubscribe(ticketHub, id, actor);
  }
}
