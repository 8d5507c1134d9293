import type { Status } from './status.js';
import type { Ticket } from './ticket.js';

/** A TMF621 RelatedParty: anybody who has to do with the ticket. */
export interface RelatedParty {
  readonly id: string;
  readonly role?: string;
  readonly [attribute: string]: unknown;
}

export interface StatusChange {
  readonly status: Status;
  readonly reason: string | undefined;
  readonly changedAt: Date;
}

export interface Note {
  readonly noteId: string;
  readonly author: string;
  readonly text: string;
  readonly writtenAt: Date;
}

/** A ticket with all that is written about it. */
export interface TicketRecord extends Ticket {
  readonly ticketId: string;
  readonly customerId: string;
  /** Who opened it, and its id there: together they are the ticket's identity outside. */
  readonly source: string;
  readonly externalId: string | undefined;
  readonly ticketType: string;
  readonly name: string | undefined;
  readonly description: string;
  readonly statusReason: string | undefined;
  readonly statusAt: Date;
  /** The customer's level when the ticket was opened. */
  readonly tier: string;
  readonly serviceLevelVersion: number;
  readonly requestedResolutionAt: Date | undefined;
  readonly resolvedAt: Date | undefined;
  /** Without the customer. */
  readonly otherParties: readonly RelatedParty[];
  /** Attributes without a rule: channel, attachment, relatedEntity, and what the client added. */
  readonly extension: Readonly<Record<string, unknown>>;
  readonly openedAt: Date;
  readonly updatedAt: Date;
  readonly version: number;
  readonly statusChanges: readonly StatusChange[];
  readonly notes: readonly Note[];
}
