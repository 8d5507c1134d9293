import { defineResource, headOf } from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { maskFreeText, maskTexts } from '../../../platform/privacy/index.js';
import { priorities } from '../domain/service-level.js';
import { clockDueAt } from '../domain/service-clock.js';
import { statuses } from '../domain/status.js';
import type { RelatedParty, TicketRecord } from '../domain/ticket-record.js';

export const troubleTickets = defineResource({
  type: 'TroubleTicket',
  path: '/tmf-api/troubleTicket/v4/troubleTicket',
  attributes: {
    id: { type: 'id', column: 't.ticket_id', filter: true },
    externalId: { type: 'text', column: 't.external_id', filter: true },
    status: { type: 'enum', column: 't.status', values: statuses, filter: true, sort: true },
    severity: { type: 'text', column: 't.severity', filter: true, sort: true },
    ticketType: { type: 'text', column: 't.ticket_type', filter: true, sort: true },
    priority: { type: 'enum', column: 't.priority', values: priorities, filter: true },
    creationDate: { type: 'instant', column: 't.opened_at', filter: true, sort: true },
    lastUpdate: { type: 'instant', column: 't.updated_at', filter: true, sort: true },
    statusChangeDate: { type: 'instant', column: 't.status_at', filter: true, sort: true },
    expectedResolutionDate: { type: 'instant', column: 't.expected_resolution_at', filter: true, sort: true },
    requestedResolutionDate: { type: 'instant', column: 't.requested_resolution_at', filter: true, sort: true },
    resolutionDate: { type: 'instant', column: 't.resolved_at', filter: true, sort: true },
    'channel.id': { type: 'text', column: 't.channel_id', filter: true },
    'relatedParty.id': {
      type: 'id',
      column: 't.customer_id',
      filter: true,
      description: 'The customer (role customer) whose tickets are wanted',
    },
  },
  defaultSort: '-creationDate',
  rowsOf: { customerId: 't.customer_id' },
  serverSet: [
    'creationDate',
    'lastUpdate',
    'statusChange',
    'statusChangeDate',
    'expectedResolutionDate',
    'resolutionDate',
    'priority',
    'externalId',
  ],
});

/** A ticket as TM Forum shows it, attributes that we do not know included. */
export interface TroubleTicket {
  readonly id: string;
  readonly href: string;
  readonly '@type': string;
  readonly externalId?: string;
  readonly name?: string;
  readonly description: string;
  readonly severity: string;
  readonly ticketType: string;
  readonly priority: string;
  readonly status: string;
  readonly statusChangeDate: Date;
  readonly statusChangeReason?: string;
  readonly statusChange: readonly {
    readonly status: string;
    readonly changeDate: Date;
    readonly changeReason?: string;
  }[];
  readonly creationDate: Date;
  readonly lastUpdate: Date;
  readonly expectedResolutionDate: Date;
  readonly requestedResolutionDate?: Date;
  readonly resolutionDate?: Date;
  readonly note: readonly {
    readonly id: string;
    readonly author: string;
    readonly date: Date;
    readonly text: string;
  }[];
  readonly relatedParty: readonly RelatedParty[];
}

/** Names that {@link TroubleTicket} gives a meaning; all others are kept as they came. */
export const KNOWN_ATTRIBUTES: ReadonlySet<string> = new Set([
  'id',
  'href',
  '@type',
  'externalId',
  'name',
  'description',
  'severity',
  'ticketType',
  'priority',
  'status',
  'statusChangeDate',
  'statusChangeReason',
  'statusChange',
  'creationDate',
  'lastUpdate',
  'expectedResolutionDate',
  'requestedResolutionDate',
  'resolutionDate',
  'note',
  'relatedParty',
]);

/** A ticket as the actor may see it: a customer reads the own notes, not those that the staff write for each other. */
export function troubleTicketFor({ kind, name }: Pick<Actor, 'kind' | 'name'>, ticket: TicketRecord): TroubleTicket {
  if (kind !== 'customer') return masked(troubleTicketOf(ticket));
  const notes = ticket.notes.filter(({ author }) => author === name);
  return masked(troubleTicketOf({ ...ticket, notes, otherParties: [] }));
}

/** People write numbers into whatever they can; ids, times and codes are not looked at. */
export function masked(ticket: TroubleTicket): TroubleTicket {
  const { id, href, externalId, relatedParty, statusChange, note, ...rest } = ticket;
  return {
    ...maskTexts(rest),
    ...{ id, href, relatedParty },
    ...(externalId !== undefined && { externalId }),
    statusChange: maskTexts(statusChange),
    note: note.map((each) => ({ ...each, text: maskFreeText(each.text) })),
  };
}

export const troubleTicketOf = (ticket: TicketRecord): TroubleTicket => ({
  ...ticket.extension,
  ...headOf(troubleTickets, ticket.ticketId),
  ...(ticket.externalId !== undefined && { externalId: ticket.externalId }),
  ...(ticket.name !== undefined && { name: ticket.name }),
  description: ticket.description,
  severity: ticket.severity,
  ticketType: ticket.ticketType,
  priority: ticket.priority,
  status: ticket.status,
  statusChangeDate: ticket.statusAt,
  ...(ticket.statusReason !== undefined && { statusChangeReason: ticket.statusReason }),
  statusChange: ticket.statusChanges.map(({ status, reason, changedAt }) => ({
    status,
    changeDate: changedAt,
    ...(reason !== undefined && { changeReason: reason }),
  })),
  creationDate: ticket.openedAt,
  lastUpdate: ticket.updatedAt,
  expectedResolutionDate: clockDueAt(ticket.resolution),
  ...(ticket.requestedResolutionAt && { requestedResolutionDate: ticket.requestedResolutionAt }),
  ...(ticket.resolvedAt && { resolutionDate: ticket.resolvedAt }),
  note: ticket.notes.map(({ noteId, author, text, writtenAt }) => ({ id: noteId, author, date: writtenAt, text })),
  relatedParty: [
    {
      id: ticket.customerId,
      href: `/tmf-api/customerManagement/v4/customer/${ticket.customerId}`,
      role: 'customer',
      '@referredType': 'Customer',
    },
    ...ticket.otherParties,
  ],
});
