import type { CustomerSeals } from '../../customers/index.js';
import type { RelatedParty, TicketRecord } from '../domain/ticket-record.js';

/** What people write freely: anything may be in it. One envelope for a ticket, since a page of them has many notes. */
export interface Words {
  readonly name?: string | undefined;
  readonly description: string;
  readonly statusReason?: string | undefined;
  readonly otherParties: readonly RelatedParty[];
  readonly extension: Readonly<Record<string, unknown>>;
  /** By the id of the note. */
  readonly notes: Readonly<Record<string, string>>;
  /** By the place of the change, from 1. */
  readonly reasons: Readonly<Record<number, string>>;
}

const NO_WORDS: Words = { description: '', otherParties: [], extension: {}, notes: {}, reasons: {} };

// What the envelope is bound to: copied to another row it does not open.
const wordsContext = (ticketId: string): string => `ticket.words:${ticketId}`;

/** @throws CustomerIsErased */
export function sealWords(seals: CustomerSeals, ticket: TicketRecord): Buffer {
  const { name, description, statusReason, otherParties, extension } = ticket;
  const words: Words = {
    name,
    description,
    statusReason,
    otherParties,
    extension,
    notes: Object.fromEntries(ticket.notes.map(({ noteId, text }) => [noteId, text])),
    reasons: Object.fromEntries(
      ticket.statusChanges.flatMap(({ reason }, at) => (reason === undefined ? [] : [[at + 1, reason]])),
    ),
  };
  return seals.seal(ticket.customerId, JSON.stringify(words), wordsContext(ticket.ticketId));
}

/** No words when they were forgotten, or the customer's secret is gone. */
export function openWords(
  seals: CustomerSeals,
  { customerId, ticketId }: { readonly customerId: string; readonly ticketId: string },
  sealed: Buffer | null,
): Words {
  const words = seals.open(customerId, sealed, wordsContext(ticketId));
  return words === undefined ? NO_WORDS : (JSON.parse(words) as Words);
}
