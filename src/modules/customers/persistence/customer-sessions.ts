import type { Tx } from '../../../platform/database/index.js';

type Reader = Pick<Tx, 'query'>;

export interface StoredSession {
  readonly customerId: string;
  readonly sessionId: string;
  /** Blind index of the number that the customer signed in with. */
  readonly msisdnIndex: Buffer;
  readonly openedAt: Date;
  readonly expiresAt: Date;
}

export interface LiveSession {
  /** When the customer last showed to have the number in hand. */
  readonly provedAt: Date;
  readonly msisdnIndex: Buffer;
}

/**
 * Who holds a number `d` now, and may look after himself with it. Not a group, whose members would act for it; not through a
 * secondary card, which is often in the hand of somebody else of the family; not when both ways are suspended, as they are when a
 * phone is reported lost, nor after fraud.
 */
const HOLDER = `customers.msisdn_directory d
  JOIN customers.subscription s ON s.customer_id = d.customer_id AND s.subscription_id = d.subscription_id
    AND s.status IN ('active', 'suspended-one-way') AND s.sim_kind = 'MAIN'
  JOIN customers.customer c ON c.customer_id = d.customer_id
    AND c.kind = 'individual' AND c.status_reason IS DISTINCT FROM 'fraud'`;

export async function holderOf(reader: Reader, msisdnIndex: Buffer): Promise<string | undefined> {
  const [row] = await reader.query<{ customer_id: string }>(
    `SELECT d.customer_id FROM ${HOLDER} WHERE d.msisdn_index = $1`,
    [msisdnIndex],
  );
  return row?.customer_id;
}

export async function insertSession(tx: Tx, session: StoredSession): Promise<void> {
  await tx.execute(
    `INSERT INTO customers.customer_session (customer_id, session_id, msisdn_index, opened_at, proved_at, expires_at)
     VALUES ($1, $2, $3, $4, $4, $5)`,
    [session.customerId, session.sessionId, session.msisdnIndex, session.openedAt, session.expiresAt],
  );
}

/** A session that holds: not closed, not over, and its number still this customer's. */
export async function liveSession(
  reader: Reader,
  { customerId, sessionId, now }: { readonly customerId: string; readonly sessionId: string; readonly now: Date },
): Promise<LiveSession | undefined> {
  const [row] = await reader.query<{ proved_at: Date; msisdn_index: Buffer }>(
    `SELECT held.proved_at, held.msisdn_index
     FROM customers.customer_session held
     JOIN (${HOLDER}) ON d.msisdn_index = held.msisdn_index AND d.customer_id = held.customer_id
     WHERE held.customer_id = $1 AND held.session_id = $2 AND held.closed_at IS NULL AND held.expires_at > $3`,
    [customerId, sessionId, now],
  );
  return row && { provedAt: row.proved_at, msisdnIndex: row.msisdn_index };
}

export async function renewProof(tx: Tx, customerId: string, sessionId: string, now: Date): Promise<void> {
  await tx.execute(`UPDATE customers.customer_session SET proved_at = $3 WHERE customer_id = $1 AND session_id = $2`, [
    customerId,
    sessionId,
    now,
  ]);
}

/** Closes one session of a customer, or all of them. */
export async function closeSessions(
  tx: Tx,
  { customerId, sessionId, now }: { readonly customerId: string; readonly sessionId?: string; readonly now: Date },
): Promise<void> {
  await tx.execute(
    `UPDATE customers.customer_session SET closed_at = $2
     WHERE customer_id = $1 AND closed_at IS NULL AND ($3::uuid IS NULL OR session_id = $3)`,
    [customerId, now, sessionId ?? null],
  );
}

export async function purgeSessions(tx: Tx, expiredBefore: Date): Promise<void> {
  await tx.execute(`DELETE FROM customers.customer_session WHERE expires_at < $1`, [expiredBefore]);
}
