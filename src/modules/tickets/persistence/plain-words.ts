import type { Tx } from '../../../platform/database/index.js';
import { isInSlice, type Slice } from '../../../platform/queues/index.js';
import type { CustomerSeals } from '../../customers/index.js';
import type { RelatedParty } from '../domain/ticket-record.js';
import { noteContext, reasonContext, sealWords, type Words } from './sealed-words.js';

// Words of an earlier release, which kept them as they were written.

interface PlainTicket {
  readonly customer_id: string;
  readonly ticket_id: string;
  readonly name: string | null;
  readonly description: string | null;
  readonly status_reason: string | null;
  readonly related_party: readonly RelatedParty[] | null;
  readonly extension: Readonly<Record<string, unknown>> | null;
}

interface PlainText {
  readonly customer_id: string;
  readonly ticket_id: string;
  readonly text: string;
}

export interface PlainWords {
  readonly tickets: readonly PlainTicket[];
  readonly notes: readonly (PlainText & { readonly note_id: string })[];
  readonly reasons: readonly (PlainText & { readonly nth: number })[];
}

/** Customers of whom anything is plain. */
export const CUSTOMERS_WITH_PLAIN_WORDS = `SELECT customer_id FROM tickets.ticket WHERE description IS NOT NULL
  UNION SELECT customer_id FROM tickets.note WHERE text IS NOT NULL
  UNION SELECT customer_id FROM tickets.status_change WHERE reason IS NOT NULL`;

/** Held for this transaction; the tickets first, as whoever changes one does. */
export async function plainWordsOf(tx: Tx, { from, to }: Slice): Promise<PlainWords> {
  const plain = <R extends object>(columns: string, table: string, word: string): Promise<R[]> =>
    tx.query<R>(
      `SELECT customer_id, ticket_id, ${columns} FROM ${table} w WHERE ${isInSlice('w')} AND ${word} IS NOT NULL
       ORDER BY customer_id, ticket_id FOR NO KEY UPDATE`,
      [from, to],
    );
  return {
    tickets: await plain('name, description, status_reason, related_party, extension', 'tickets.ticket', 'description'),
    notes: await plain('note_id, text', 'tickets.note', 'text'),
    reasons: await plain('nth, reason AS text', 'tickets.status_change', 'reason'),
  };
}

/** Leaves nothing plain. What is of a customer who was erased is not sealed but lost. */
export async function sealPlainWords(
  tx: Tx,
  { tickets, notes, reasons }: PlainWords,
  seals: CustomerSeals,
): Promise<void> {
  const sealed = <R extends { readonly customer_id: string }>(rows: readonly R[], seal: (row: R) => Buffer) =>
    rows.map((row) => (seals.has(row.customer_id) ? seal(row) : null));
  const keysOf = (rows: readonly { readonly customer_id: string; readonly ticket_id: string }[]) => [
    rows.map((row) => row.customer_id),
    rows.map((row) => row.ticket_id),
  ];
  await tx.execute(
    `UPDATE tickets.ticket t SET name = NULL, description = NULL, status_reason = NULL, related_party = NULL,
       extension = NULL, words_sealed = s.sealed
     FROM unnest($1::uuid[], $2::uuid[], $3::bytea[]) AS s (customer_id, ticket_id, sealed)
     WHERE t.customer_id = s.customer_id AND t.ticket_id = s.ticket_id`,
    [...keysOf(tickets), sealed(tickets, (row) => sealWords(seals, keyOf(row), wordsOf(row)))],
  );
  await tx.execute(
    `UPDATE tickets.note n SET text = NULL, text_sealed = s.sealed
     FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bytea[]) AS s (customer_id, ticket_id, note_id, sealed)
     WHERE n.customer_id = s.customer_id AND n.ticket_id = s.ticket_id AND n.note_id = s.note_id`,
    [
      ...keysOf(notes),
      notes.map((row) => row.note_id),
      sealed(notes, (row) => seals.seal(row.customer_id, row.text, noteContext(row.note_id))),
    ],
  );
  await tx.execute(
    `UPDATE tickets.status_change c SET reason = NULL, reason_sealed = s.sealed
     FROM unnest($1::uuid[], $2::uuid[], $3::integer[], $4::bytea[]) AS s (customer_id, ticket_id, nth, sealed)
     WHERE c.customer_id = s.customer_id AND c.ticket_id = s.ticket_id AND c.nth = s.nth`,
    [
      ...keysOf(reasons),
      reasons.map((row) => row.nth),
      sealed(reasons, (row) => seals.seal(row.customer_id, row.text, reasonContext(row.ticket_id, row.nth))),
    ],
  );
}

const keyOf = ({
  customer_id: customerId,
  ticket_id: ticketId,
}: PlainTicket): { customerId: string; ticketId: string } => ({
  customerId,
  ticketId,
});

export const wordsOf = (row: Omit<PlainTicket, 'customer_id' | 'ticket_id'>): Words => ({
  name: row.name ?? undefined,
  description: row.description ?? '',
  statusReason: row.status_reason ?? undefined,
  otherParties: row.related_party ?? [],
  extension: row.extension ?? {},
});
