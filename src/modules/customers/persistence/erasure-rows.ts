import type { Tx } from '../../../platform/database/index.js';
import type { Slice } from '../../../platform/queues/index.js';
import type { Remembered } from '../domain/erasure.js';
import type { CustomerStatus } from '../domain/profile.js';

export const IDENTITY_CLASS = 'customers.identity';

/** Locks the customer. */
export async function lockRemembered(tx: Tx, customerId: string): Promise<Remembered | undefined> {
  const [row] = await tx.query<{ status: CustomerStatus; kept_until: string | null; erased_at: Date | null }>(
    `SELECT c.status, (c.closed_on + k.term)::date AS kept_until, c.erased_at
     FROM customers.customer c JOIN customers.retention_class k ON k.code = $2
     WHERE c.customer_id = $1 FOR NO KEY UPDATE OF c`,
    [customerId, IDENTITY_CLASS],
  );
  return row && { status: row.status, keptUntil: row.kept_until ?? undefined, isErased: row.erased_at !== null };
}

/** From now on shown to nobody but who may read restricted data. */
export async function restrict(tx: Tx, customerId: string, at: Date): Promise<void> {
  await tx.execute(
    `UPDATE customers.customer SET restricted_at = COALESCE(restricted_at, $2), version = version + 1, updated_at = $2
     WHERE customer_id = $1`,
    [customerId, at],
  );
}

export interface Erased {
  readonly customerId: string;
  readonly partyId: string;
}

/** Erases those of the customers that are due on the day, keys and all; answers which. */
export async function erase(
  tx: Tx,
  customerIds: readonly string[],
  today: string,
  at: Date,
): Promise<readonly Erased[]> {
  return tx.query<Erased>(
    `SELECT erased_customer AS "customerId", former_party AS "partyId" FROM customers.erase($1::uuid[], $2, $3)
     ORDER BY erased_customer`,
    [customerIds, today, at],
  );
}

/** The day up to which snapshots open no archive; `undefined` when nobody was erased yet. */
export async function erasedUntil(tx: Tx): Promise<string | undefined> {
  const [row] = await tx.query<{ day: string }>(`SELECT day FROM customers.erased_until WHERE day > '-infinity'`);
  return row?.day;
}

/** Customers whose identity has been kept long enough on the day `$1`. The rule is that of `erasureStanding`. */
export const DUE_FOR_ERASURE = `SELECT c.customer_id FROM customers.customer c
  WHERE c.archive = 'retained' AND c.erased_at IS NULL
    AND c.closed_on + (SELECT term FROM customers.retention_class WHERE code = '${IDENTITY_CLASS}') < $1::date`;

export async function dueForErasure(tx: Tx, asOf: string, { from, to }: Slice): Promise<readonly string[]> {
  const rows = await tx.query<{ customer_id: string }>(
    `${DUE_FOR_ERASURE} AND c.customer_id >= $2 AND c.customer_id < $3`,
    [asOf, from, to],
  );
  return rows.map((row) => row.customer_id);
}
