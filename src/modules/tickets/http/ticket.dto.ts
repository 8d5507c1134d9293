import {
  EnumField,
  IdField,
  InstantField,
  KeepsUnknownAttributes,
  ListField,
  ObjectField,
  TextField,
} from '../../../platform/http/index.js';
import { priorities } from '../domain/service-level.js';
import { statuses, type Status } from '../domain/status.js';

class RelatedPartyDto {
  [attribute: string]: unknown;
  @IdField({ description: 'For the role customer: the id of a customer, from their list or a search' })
  id!: string;
  @TextField({ optional: true, maxLength: 100, example: 'customer' })
  role?: string;
  @TextField({ optional: true, maxLength: 200 })
  href?: string;
  @TextField({ optional: true, maxLength: 100, example: 'Customer' })
  '@referredType'?: string;
}

class ChannelRefDto {
  @TextField({ maxLength: 100, example: '10086' })
  id!: string;
  @TextField({ optional: true, maxLength: 200, example: 'Hotline' })
  name?: string;
}

class NoteDto {
  @IdField({
    optional: true,
    description: 'Set by the server; a note that is sent back with its id is not added again',
  })
  id?: string;
  @TextField({ maxLength: 4000, example: 'Called back, nobody answered' })
  text!: string;
  @TextField({ optional: true, description: 'Set by the server: who is signed in' })
  author?: string;
  @InstantField({ optional: true, description: 'Set by the server' })
  date?: Date;
}

class NoteView {
  @IdField({ readOnly: true })
  id!: string;
  @TextField({ readOnly: true })
  author!: string;
  @InstantField({ readOnly: true })
  date!: Date;
  @TextField()
  text!: string;
}

class StatusChangeView {
  @EnumField({ values: statuses })
  status!: string;
  @InstantField()
  changeDate!: Date;
  @TextField({ optional: true })
  changeReason?: string;
}

const REASON = { maxLength: 1000, example: 'Waiting for the customer to send the bill' };

/** TMF621 TroubleTicket_Create. What the server sets (priority, dates, statusChange …) may be sent and is passed over. */
@KeepsUnknownAttributes()
export class OpenTicketDto {
  [attribute: string]: unknown;
  @TextField({ maxLength: 4000, example: 'No signal at home since yesterday' })
  description!: string;
  @TextField({
    maxLength: 50,
    example: 'Major',
    description: 'Critical and Major shorten the time that the level promises',
  })
  severity!: string;
  @TextField({
    maxLength: 50,
    example: 'complaint',
    description: 'complaint (投诉), enquiry (咨询), request (业务), fault (故障)…',
  })
  ticketType!: string;
  @TextField({ optional: true, maxLength: 200 })
  name?: string;
  @TextField({
    optional: true,
    maxLength: 128,
    example: 'CRM-2026-000017',
    description: 'Unique per caller: again is the same ticket',
  })
  externalId?: string;
  @EnumField({ optional: true, values: ['acknowledged'], description: 'Every ticket begins as acknowledged' })
  status?: string;
  @InstantField({ optional: true })
  requestedResolutionDate?: Date;
  @ObjectField(() => ChannelRefDto, { optional: true })
  channel?: ChannelRefDto;
  @ListField(() => NoteDto, { optional: true, max: 100 })
  note?: NoteDto[];
  @ListField(() => RelatedPartyDto, { optional: true, max: 50, description: 'One of them with the role customer' })
  relatedParty?: RelatedPartyDto[];
}

/** A merge patch of a ticket. */
@KeepsUnknownAttributes()
export class PatchTicketDto {
  [attribute: string]: unknown;
  @TextField({ optional: true, maxLength: 4000 })
  description?: string;
  @TextField({ optional: true, maxLength: 50 })
  severity?: string;
  @TextField({ optional: true, maxLength: 50 })
  ticketType?: string;
  @TextField({ optional: true, nullable: true, maxLength: 200 })
  name?: string | null;
  @EnumField({ optional: true, values: statuses, example: 'inProgress' })
  status?: Status;
  @TextField({ optional: true, nullable: true, ...REASON })
  statusChangeReason?: string | null;
  @InstantField({ optional: true, nullable: true })
  requestedResolutionDate?: Date | null;
  @ObjectField(() => ChannelRefDto, { optional: true, nullable: true })
  channel?: ChannelRefDto | null;
  @ListField(() => NoteDto, { optional: true, max: 100, description: 'Notes to add; those that are there stay' })
  note?: NoteDto[];
  @ListField(() => RelatedPartyDto, { optional: true, max: 50, description: 'Replaces all but the customer' })
  relatedParty?: RelatedPartyDto[];
}

/** TMF621 TroubleTicket, and attributes of the client's own. */
export class TroubleTicketView {
  @IdField({ readOnly: true })
  id!: string;
  @TextField({ readOnly: true })
  href!: string;
  @TextField({ readOnly: true, example: 'TroubleTicket' })
  '@type'!: string;
  @TextField({ optional: true, readOnly: true })
  externalId?: string;
  @TextField({ optional: true })
  name?: string;
  @TextField()
  description!: string;
  @TextField({ example: 'Major' })
  severity!: string;
  @TextField({ example: 'complaint' })
  ticketType!: string;
  @EnumField({ values: priorities, readOnly: true, description: 'From the customer level and the severity' })
  priority!: string;
  @EnumField({ values: statuses })
  status!: string;
  @InstantField({ readOnly: true })
  statusChangeDate!: Date;
  @TextField({ optional: true, ...REASON })
  statusChangeReason?: string;
  @ListField(() => StatusChangeView, { readOnly: true })
  statusChange!: readonly StatusChangeView[];
  @InstantField({ readOnly: true })
  creationDate!: Date;
  @InstantField({ readOnly: true })
  lastUpdate!: Date;
  @InstantField({
    readOnly: true,
    description: 'By the level of the customer; moves by the time spent waiting for the customer',
  })
  expectedResolutionDate!: Date;
  @InstantField({ optional: true })
  requestedResolutionDate?: Date;
  @InstantField({ optional: true, readOnly: true })
  resolutionDate?: Date;
  @ObjectField(() => ChannelRefDto, { optional: true })
  channel?: ChannelRefDto;
  @ListField(() => NoteView)
  note!: readonly NoteView[];
  @ListField(() => RelatedPartyDto)
  relatedParty!: readonly RelatedPartyDto[];
}
