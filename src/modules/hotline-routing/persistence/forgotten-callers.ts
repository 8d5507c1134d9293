import type { Tx } from '../../../platform/database/index.js';

const ENDED_BEFORE = 'caller_sealed IS NOT NULL AND ended_at < $1';

export async function countCallers(tx: Tx, endedBefore: Date): Promise<number> {
  const [row] = await tx.query<{ n: number }>(`SELECT count(*) AS n FROM routing.contact WHERE ${ENDED_BEFORE}`, [
    endedBefore,
  ]);
  return row?.n ?? 0;
}

export const forgetCallers = (tx: Tx, endedBefore: Date): Promise<number> =>
  tx.execute(`UPDATE routing.contact SET caller_sealed = NULL, caller_index = NULL WHERE ${ENDED_BEFORE}`, [
    endedBefore,
  ]);

export const forgetCallersOf = (tx: Tx, customerId: string): Promise<number> =>
  tx.execute(
    `UPDATE routing.contact SET caller_sealed = NULL, caller_index = NULL
     WHERE caller_sealed IS NOT NULL AND customer_id = $1`,
    [customerId],
  );
