import { isId, type Tx } from '../../../platform/database/index.js';
import type { ConsentRecord } from '../domain/consent.js';

/** Serialises what is done about the consents of one customer and the facts that hang on them. */
export async function lockForConsent(tx: Tx, customerId: string): Promise<{ readonly isErased: boolean } | undefined> {
  if (!isId(customerId)) return undefined;
  const [row] = await tx.query<{ isErased: boolean }>(
    `SELECT erased_at IS NOT NULL AS "isErased" FROM customers.customer WHERE customer_id = $1 FOR NO KEY UPDATE`,
    [customerId],
  );
  return row;
}

/** Everything that a customer said, in the order in which it was recorded; about one purpose or all. */
export const consentsOf = (
  source: Pick<Tx, 'query'>,
  customerId: string,
  purpose?: string,
): Promise<readonly ConsentRecord[]> =>
  source.query<ConsentRecord>(
    `SELECT customer_id AS "customerId", consent_id AS "consentId", purpose, nth, entry, text_version AS "textVersion",
       channel, said_at AS "saidAt", proof_sealed IS NOT NULL AS "hasProof", recorded_by_kind AS "recordedByKind",
       recorded_by AS "recordedBy", recorded_at AS "recordedAt"
     FROM customers.consent WHERE customer_id = $1 AND ($2::text IS NULL OR purpose = $2) ORDER BY recorded_at, nth`,
    [customerId, purpose ?? null],
  );

export async function appendConsent(tx: Tx, said: ConsentRecord, proofSealed: Buffer | undefined): Promise<void> {
  await tx.execute(
    `INSERT INTO customers.consent (customer_id, purpose, nth, consent_id, entry, text_version, channel, said_at,
       proof_sealed, recorded_by_kind, recorded_by, recorded_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      ...[said.customerId, said.purpose, said.nth, said.consentId, said.entry, said.textVersion, said.channel],
      ...[said.saidAt, proofSealed ?? null, said.recordedByKind, said.recordedBy, said.recordedAt],
    ],
  );
}
