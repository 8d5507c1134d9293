import type { Tx } from '../../../platform/database/index.js';
import type { VerificationMethod } from '../domain/caller-verification.js';

export interface StoredVerification {
  readonly customerId: string;
  readonly verificationId: string;
  readonly actorKind: string;
  readonly actorId: string;
  readonly method: VerificationMethod;
  readonly answeredAt: Date;
  /** `undefined`: the answer was wrong. */
  readonly validUntil: Date | undefined;
}

/** Answers that one agent gives about one customer at once are looked at one after the other. */
export async function lockVerifications(tx: Tx, customerId: string, actorId: string): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [`${customerId}/${actorId}`]);
}

/** When this agent's wrong answers about this customer were given, oldest first. */
export async function wrongAnswersSince(
  tx: Tx,
  customerId: string,
  actorId: string,
  since: Date,
): Promise<readonly Date[]> {
  const rows = await tx.query<{ answered_at: Date }>(
    `SELECT answered_at FROM customers.caller_verification
     WHERE customer_id = $1 AND actor_id = $2 AND NOT is_right AND answered_at > $3 ORDER BY answered_at`,
    [customerId, actorId, since],
  );
  return rows.map((row) => row.answered_at);
}

export async function insertVerification(tx: Tx, verification: StoredVerification): Promise<void> {
  const { customerId, verificationId, actorKind, actorId, method, answeredAt, validUntil } = verification;
  await tx.execute(
    `INSERT INTO customers.caller_verification
       (customer_id, verification_id, actor_kind, actor_id, method, is_right, answered_at, valid_until)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [customerId, verificationId, actorKind, actorId, method, validUntil !== undefined, answeredAt, validUntil ?? null],
  );
}

export async function holdsVerification(
  reader: Pick<Tx, 'query'>,
  asked: {
    readonly customerId: string;
    readonly verificationId: string;
    readonly actorId: string;
    readonly now: Date;
  },
): Promise<boolean> {
  const rows = await reader.query(
    `SELECT FROM customers.caller_verification
     WHERE customer_id = $1 AND verification_id = $2 AND actor_id = $3 AND valid_until > $4`,
    [asked.customerId, asked.verificationId, asked.actorId, asked.now],
  );
  return rows.length > 0;
}
