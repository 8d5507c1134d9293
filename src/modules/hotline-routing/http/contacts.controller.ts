import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentActor, Operation, ResourceIdPipe } from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { ConnectContact } from '../application/connect-contact.js';
import { EndContact } from '../application/end-contact.js';
import { EnterContact } from '../application/enter-contact.js';
import { FindRouting, type DecisionOverview } from '../application/find-routing.query.js';
import { ContactNotFound, ContactNotOffered, UnknownDialledCode } from '../domain/refusals.js';
import { CallEventDto, ContactView, DecisionView, EnterContactDto, PositionView } from './routing.dto.js';
import { contacts } from './routing.resource.js';
import { contactView, placeView } from './views.js';

@ApiTags('Hotline routing (热线路由)')
@Controller(contacts.path)
export class ContactsController {
  constructor(
    private readonly entering: EnterContact,
    private readonly connecting: ConnectContact,
    private readonly ending: EndContact,
    private readonly find: FindRouting,
  ) {}

  @Post()
  @Operation({
    summary: 'A call arrives (来电进线)',
    description:
      'Finds customer and level by the number, and reserves the best agent if one is idle: then `reservation` says whom to dial, else `position` where the call stands. The same `externalCallId` again is the same contact.',
    permission: 'routing.contact',
    creates: ContactView,
    idempotent: true,
    refusals: [UnknownDialledCode],
  })
  async enter(@Body() body: EnterContactDto, @CurrentActor() actor: Actor): Promise<ContactView> {
    const { contactId } = await this.entering.execute({ ...body, needs: body.needs ?? [] }, actor);
    return contactView(await this.find.justEntered(contactId, actor));
  }

  @Get(':id')
  @Operation({
    summary: 'A contact and its offer (来电状态)',
    permission: 'routing.read',
    concerns: { contact: 'params.id', unknown: ContactNotFound },
    returns: ContactView,
    refusals: [ContactNotFound],
  })
  async get(@Param('id', ResourceIdPipe) id: string, @CurrentActor() actor: Actor): Promise<ContactView> {
    return contactView(await this.find.contact(id, actor));
  }

  @Get(':id/position')
  @Operation({
    summary: 'Place in the queue and announced wait (排队位置)',
    permission: 'routing.contact',
    returns: PositionView,
    refusals: [ContactNotFound],
  })
  async position(@Param('id', ResourceIdPipe) id: string): Promise<PositionView> {
    const { contact, place } = await this.find.position(id);
    return { contactId: id, state: contact.state, ...placeView(place) };
  }

  @Get(':id/decision')
  @Operation({
    summary: 'Why this agent, or why nobody yet (路由依据)',
    permission: 'routing.read',
    concerns: { contact: 'params.id', unknown: ContactNotFound },
    returns: DecisionView,
    refusals: [ContactNotFound],
  })
  decision(@Param('id', ResourceIdPipe) id: string): Promise<DecisionOverview> {
    return this.find.decision(id);
  }

  @Post(':id/connected')
  @Operation({
    summary: 'Caller and agent talk (接通)',
    description: 'Accepts the offer, too, when nobody has said so. Repeated and late ones change nothing.',
    permission: 'routing.contact',
    returns: ContactView,
    refusals: [ContactNotFound, ContactNotOffered],
  })
  async connected(
    @Param('id', ResourceIdPipe) id: string,
    @Body() body: CallEventDto,
    @CurrentActor() actor: Actor,
  ): Promise<ContactView> {
    await this.connecting.execute(id, body.at);
    return contactView(await this.find.contact(id, actor));
  }

  @Post(':id/ended')
  @Operation({
    summary: 'The call is over (通话结束)',
    description: 'The agent writes up the call. Repeated ones change nothing.',
    permission: 'routing.contact',
    returns: ContactView,
    refusals: [ContactNotFound],
  })
  ended(
    @Param('id', ResourceIdPipe) id: string,
    @Body() body: CallEventDto,
    @CurrentActor() actor: Actor,
  ): Promise<ContactView> {
    return this.end(id, body, actor);
  }

  @Post(':id/abandoned')
  @Operation({
    summary: 'The caller hung up before anybody answered (用户放弃)',
    description: 'An offer that rings is withdrawn, and its agent keeps the place among the idle.',
    permission: 'routing.contact',
    returns: ContactView,
    refusals: [ContactNotFound],
  })
  abandoned(
    @Param('id', ResourceIdPipe) id: string,
    @Body() body: CallEventDto,
    @CurrentActor() actor: Actor,
  ): Promise<ContactView> {
    return this.end(id, body, actor);
  }

  private async end(id: string, body: CallEventDto, actor: Actor): Promise<ContactView> {
    await this.ending.execute(id, body);
    return contactView(await this.find.contact(id, actor));
  }
}
