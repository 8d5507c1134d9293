import type { CustomerSeals } from '../../customers/index.js';
import type { RelatedParty } from '../domain/ticket-record.js';

/** What people write into a ticket freely: anything may be in it, so it is sealed under the secret of the ticket's customer. */
export interface Words {
  readonly name?: string | undefined;
  readonly description: string;
  readonly statusReason?: string | undefined;
  readonly otherParties: readonly RelatedParty[];
  readonly extension: Readonly<Record<string, unknown>>;
}

const NO_WORDS: Words = { description: '', otherParties: [], extension: {} };

// What a sealed text is bound to: copied to another row or field it does not open.
const wordsContext = (ticketId: string): string => `ticket.words:${ticketId}`;
export const reasonContext = (ticketId: string, nth: number): string => `ticket.reason:${ticketId}:${nth}`;
export const noteContext = (noteId: string): string => `ticket.note:${noteId}`;

interface TicketKey {
  readonly customerId: string;
  readonly ticketId: string;
}

/** @throws CustomerIsErased */
export function sealWords(
  seals: CustomerSeals,
  { customerId, ticketId }: TicketKey,
  { name, description, statusReason, otherParties, extension }: Words,
): Buffer {
  const words: Words = { name, description, statusReason, otherParties, extension };
  return seals.seal(customerId, JSON.stringify(words), wordsContext(ticketId));
}

/** No words when they were forgotten, or the customer's secret is gone. */
export function openWords(seals: CustomerSeals, { customerId, ticketId }: TicketKey, sealed: Buffer | null): Words {
  const words = seals.open(customerId, sealed, wordsContext(ticketId));
  return words === undefined ? NO_WORDS : (JSON.parse(words) as Words);
}
