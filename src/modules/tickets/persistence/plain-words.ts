import type { Tx } from '../../../platform/database/index.js';
import { isInSlice, type Slice } from '../../../platform/queues/index.js';
import type { CustomerSeals } from '../../customers/index.js';
import { sealWords } from './sealed-words.js';
import { dropPlainWords, TICKET_COLUMNS, ticketOf, type TicketRow } from './ticket-rows.js';

// Words of an earlier release, which kept them as they were written. There, no ticket was without a description.

export const CUSTOMERS_WITH_PLAIN_WORDS =
  'SELECT DISTINCT customer_id FROM tickets.ticket WHERE description IS NOT NULL';

/** Held for this transaction. */
export async function plainTickets(tx: Tx, { from, to }: Slice): Promise<readonly TicketRow[]> {
  await tx.query(
    `SELECT FROM tickets.ticket t WHERE ${isInSlice('t')} AND description IS NOT NULL
     ORDER BY customer_id, ticket_id FOR UPDATE`,
    [from, to],
  );
  return tx.query<TicketRow>(
    `SELECT ${TICKET_COLUMNS} FROM tickets.ticket t WHERE ${isInSlice('t')} AND description IS NOT NULL`,
    [from, to],
  );
}

/** Leaves nothing plain of these tickets. What is of a customer who was erased is not sealed but lost. */
export async function sealPlainWords(tx: Tx, rows: readonly TicketRow[], seals: CustomerSeals): Promise<void> {
  await tx.execute(
    `UPDATE tickets.ticket t SET words_sealed = s.sealed
     FROM unnest($1::uuid[], $2::uuid[], $3::bytea[]) AS s (customer_id, ticket_id, sealed)
     WHERE t.customer_id = s.customer_id AND t.ticket_id = s.ticket_id`,
    [
      rows.map((row) => row.customer_id),
      rows.map((row) => row.ticket_id),
      rows.map((row) => (seals.has(row.customer_id) ? sealWords(seals, ticketOf(row, seals)) : null)),
    ],
  );
  await dropPlainWords(
    tx,
    rows.map((row) => ({ customerId: row.customer_id, ticketId: row.ticket_id })),
  );
}
