import { Body, Controller, Delete, Get, Headers, Param, Patch, Post, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Refusal } from '../../../platform/errors/index.js';
import {
  AttributeNotPatchable,
  CurrentActor,
  ListQuery,
  Operation,
  ResourceIdPipe,
  type ListRequest,
  type Page,
} from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { CustomerIsErased, CustomerNotFound } from '../../customers/index.js';
import { ChangeTicket } from '../application/change-ticket.js';
import { FindTickets } from '../application/find-tickets.query.js';
import { OpenTicket } from '../application/open-ticket.js';
import {
  KNOWN_ATTRIBUTES,
  troubleTicketFor,
  troubleTickets,
  type TroubleTicket,
} from '../application/ticket.resource.js';
import {
  CustomerIsFixed,
  CustomerMissing,
  ExternalIdTaken,
  IllegalStatusChange,
  NoteIsKept,
  TicketChanged,
  TicketHasEnded,
  TicketIsKept,
  TicketNotFound,
} from '../domain/refusals.js';
import type { TicketRecord } from '../domain/ticket-record.js';
import { OpenTicketDto, PatchTicketDto, TroubleTicketView } from './ticket.dto.js';

@ApiTags('Trouble tickets (投诉工单)')
@Controller(troubleTickets.path)
export class TicketsController {
  constructor(
    private readonly find: FindTickets,
    private readonly opening: OpenTicket,
    private readonly changing: ChangeTicket,
  ) {}

  @Get()
  @Operation({
    summary: 'List trouble tickets (查询工单)',
    permission: 'tickets.read',
    selfService: true,
    returns: TroubleTicketView,
  })
  list(@ListQuery(troubleTickets) list: ListRequest, @CurrentActor() actor: Actor): Promise<Page<TroubleTicket>> {
    return this.find.page(list, actor);
  }

  @Get(':id')
  @Operation({
    summary: 'One trouble ticket (工单详情)',
    description: 'Its version is in the header `ETag`.',
    permission: 'tickets.read',
    selfService: true,
    concerns: { ticket: 'params.id', unknown: TicketNotFound },
    returns: TroubleTicketView,
    refusals: [TicketNotFound],
  })
  async get(
    @Param('id', ResourceIdPipe) id: string,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TroubleTicket> {
    return answer(actor, await this.find.one(id, actor), reply);
  }

  @Post()
  @Operation({
    summary: 'Open a trouble ticket (受理工单)',
    description:
      'The due times follow from the level of the customer and the severity. With an `externalId`, the same again is the same ticket.',
    permission: 'tickets.create',
    selfService: true,
    concerns: { customer: 'body.relatedParty.id', unknown: CustomerNotFound },
    creates: TroubleTicketView,
    idempotent: true,
    refusals: [CustomerMissing, CustomerNotFound, CustomerIsErased, ExternalIdTaken],
  })
  async open(
    @Body() body: OpenTicketDto,
    @CurrentActor() actor: Actor,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TroubleTicket> {
    const ticket = await this.opening.execute(
      {
        description: body.description,
        severity: body.severity,
        ticketType: body.ticketType,
        name: body.name,
        externalId: body.externalId,
        requestedResolutionDate: body.requestedResolutionDate,
        relatedParty: body.relatedParty ?? [],
        notes: (body.note ?? []).map(({ text }) => text),
        extension: Object.fromEntries(Object.entries(body).filter(([name]) => !KNOWN_ATTRIBUTES.has(name))),
      },
      actor,
    );
    return answer(actor, ticket, reply);
  }

  @Patch(':id')
  @ApiHeader({ name: 'If-Match', required: false, description: 'The `ETag` of the version that was read' })
  @Operation({
    summary: 'Change a trouble ticket (处理工单)',
    description:
      'acknowledged → inProgress ⇄ pending (waiting for the customer, the clock stands) or held (the clock runs) → resolved → closed; resolved → inProgress reopens; any open ticket → cancelled; acknowledged → rejected.',
    permission: 'tickets.work',
    concerns: { ticket: 'params.id', unknown: TicketNotFound },
    returns: TroubleTicketView,
    refusals: [
      TicketNotFound,
      TicketChanged,
      TicketHasEnded,
      IllegalStatusChange,
      AttributeNotPatchable,
      CustomerMissing,
      CustomerIsFixed,
      NoteIsKept,
      CustomerIsErased,
    ],
  })
  async patch(
    @Param('id', ResourceIdPipe) id: string,
    @Body() patch: PatchTicketDto,
    @CurrentActor() actor: Actor,
    @Headers('if-match') ifMatch: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<TroubleTicket> {
    const ticket = await this.changing.execute({ ticketId: id, expectedVersion: versionOf(ifMatch) }, patch, actor);
    return answer(actor, ticket, reply);
  }

  @Delete(':id')
  @Operation({
    summary: 'Tickets are not deleted (不可删除)',
    description: 'Always refused: what a customer has told us is kept. `PATCH {"status": "cancelled"}` ends a ticket.',
    permission: 'tickets.work',
    concerns: { ticket: 'params.id', unknown: TicketNotFound },
    noContent: true,
    refusals: [TicketNotFound, TicketIsKept],
  })
  async remove(@Param('id', ResourceIdPipe) id: string, @CurrentActor() actor: Actor): Promise<void> {
    await this.find.one(id, actor);
    throw new TicketIsKept();
  }
}

function answer(actor: Actor, ticket: TicketRecord, reply: FastifyReply): TroubleTicket {
  reply.header('ETag', `"${ticket.version}"`);
  return troubleTicketFor(actor, ticket);
}

function versionOf(ifMatch: string | undefined): number | undefined {
  if (ifMatch === undefined || ifMatch === '*') return undefined;
  const version = /^(?:W\/)?"?(\d{1,9})"?$/.exec(ifMatch.trim())?.[1];
  if (version === undefined) {
    throw new Refusal('request.invalid', 'malformed', 'If-Match must be the ETag of the ticket', {
      field: 'If-Match',
      expected: 'the ETag of an earlier answer, like "3"',
    });
  }
  return Number(version);
}
