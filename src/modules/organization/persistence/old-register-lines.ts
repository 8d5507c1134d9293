import type { Tx } from '../../../platform/database/index.js';

/** Lines of the access register and of the audit of writes from before. */
export async function countRegisterLines(tx: Tx, before: Date): Promise<number> {
  const [row] = await tx.query<{ n: number }>(
    `SELECT (SELECT count(*) FROM organization.access_register WHERE occurred_at < $1)
          + (SELECT count(*) FROM organization.audit_entry WHERE occurred_at < $1) AS n`,
    [before],
  );
  return row?.n ?? 0;
}
