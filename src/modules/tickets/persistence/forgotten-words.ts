import type { Tx } from '../../../platform/database/index.js';

const ENDED_BEFORE = `status IN ('closed', 'cancelled', 'rejected') AND status_at < $1`;

export async function countTicketsWithWords(tx: Tx, endedBefore: Date): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    `SELECT count(*) AS n FROM tickets.ticket WHERE forgotten_at IS NULL AND ${ENDED_BEFORE}`,
    [endedBefore],
  );
  return row?.n ?? 0;
}

export const forgetWordsOfEndedTickets = (tx: Tx, endedBefore: Date, at: Date): Promise<number> =>
  forget(tx, ENDED_BEFORE, endedBefore, at);

export const forgetWordsOfCustomer = (tx: Tx, customerId: string, at: Date): Promise<number> =>
  forget(tx, 'customer_id = $1', customerId, at);

/** Everything that was written freely. Type, severity, times and states stay: they are what was promised and kept. */
async function forget(tx: Tx, condition: string, of: Date | string, at: Date): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    `WITH forgotten AS (
       UPDATE tickets.ticket SET words_sealed = NULL, name = NULL, description = NULL, status_reason = NULL, related_party = NULL,
         extension = NULL, forgotten_at = $2, version = version + 1
       WHERE forgotten_at IS NULL AND ${condition}
       RETURNING customer_id, ticket_id
     ), notes AS (
       UPDATE tickets.note n SET text = NULL FROM forgotten f WHERE n.customer_id = f.customer_id AND n.ticket_id = f.ticket_id
     ), reasons AS (
       UPDATE tickets.status_change s SET reason = NULL FROM forgotten f
       WHERE s.customer_id = f.customer_id AND s.ticket_id = f.ticket_id
     )
     SELECT count(*) AS n FROM forgotten`,
    [of, at],
  );
  return row?.n ?? 0;
}
