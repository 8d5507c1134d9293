import type { Tx } from '../../../platform/database/index.js';
import type { CodePurpose } from '../domain/one-time-code.js';
import { TRIES_PER_CODE } from '../domain/one-time-code.js';

export interface StoredCode {
  readonly codeRequestId: string;
  readonly msisdnIndex: Buffer;
  readonly purpose: CodePurpose;
  readonly codeHash: Buffer;
  /** The customer who held the number then, if any did. */
  readonly holderId: string | undefined;
  readonly requestedAt: Date;
  readonly expiresAt: Date;
}

/** Whoever else asks for a code of the number waits until this transaction has ended. */
export async function lockNumber(tx: Tx, msisdnIndex: Buffer): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock($1)', [msisdnIndex.readBigInt64BE().toString()]);
}

export async function codesSince(tx: Tx, msisdnIndex: Buffer, since: Date): Promise<readonly Date[]> {
  const rows = await tx.query<{ requested_at: Date }>(
    `SELECT requested_at FROM customers.one_time_code WHERE msisdn_index = $1 AND requested_at > $2`,
    [msisdnIndex, since],
  );
  return rows.map((row) => row.requested_at);
}

/** Stores a code; the one before it, for the same number and purpose, ends. */
export async function replaceCode(tx: Tx, code: StoredCode): Promise<void> {
  const { codeRequestId, msisdnIndex, purpose, codeHash, holderId, requestedAt, expiresAt } = code;
  await tx.execute(
    `UPDATE customers.one_time_code SET ended_at = $3 WHERE msisdn_index = $1 AND purpose = $2 AND ended_at IS NULL`,
    [msisdnIndex, purpose, requestedAt],
  );
  await tx.execute(
    `INSERT INTO customers.one_time_code
       (code_request_id, msisdn_index, purpose, code_hash, holder_id, requested_at, expires_at, tries)
     VALUES ($1, $2, $3, $4, $5, $6, $7, 0)`,
    [codeRequestId, msisdnIndex, purpose, codeHash, holderId ?? null, requestedAt, expiresAt],
  );
}

export interface RightCode {
  /** The customer who held the number when the code was sent. */
  readonly holderId: string | undefined;
}

/**
 * Charges one try; `undefined` when it was wrong. One statement: tries that come at once wait for each other at the row, so that
 * exactly {@link TRIES_PER_CODE} are looked at and one of them can be right.
 */
export async function tryCode(
  tx: Tx,
  tried: Pick<StoredCode, 'msisdnIndex' | 'purpose' | 'codeHash'>,
  now: Date,
): Promise<RightCode | undefined> {
  const [row] = await tx.query<{ is_right: boolean; holder_id: string | null }>(
    `UPDATE customers.one_time_code
     SET tries = tries + 1, ended_at = CASE WHEN code_hash = $3 OR tries + 1 >= ${TRIES_PER_CODE} THEN $4::timestamptz END
     WHERE msisdn_index = $1 AND purpose = $2 AND ended_at IS NULL AND expires_at > $4
     RETURNING code_hash = $3 AS is_right, holder_id`,
    [tried.msisdnIndex, tried.purpose, tried.codeHash, now],
  );
  return row?.is_right ? { holderId: row.holder_id ?? undefined } : undefined;
}

export async function endCode(tx: Tx, codeRequestId: string, now: Date): Promise<void> {
  await tx.execute(`UPDATE customers.one_time_code SET ended_at = $2 WHERE code_request_id = $1 AND ended_at IS NULL`, [
    codeRequestId,
    now,
  ]);
}

export async function purgeCodes(tx: Tx, before: Date): Promise<void> {
  await tx.execute(`DELETE FROM customers.one_time_code WHERE requested_at < $1`, [before]);
}
