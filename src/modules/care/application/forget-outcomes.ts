import type { Tx } from '../../../platform/database/index.js';

/** What was written about these customers when their tasks were ended. */
export async function forgetOutcomes(tx: Tx, customerIds: readonly string[]): Promise<void> {
  await tx.execute(`UPDATE care.task SET outcome = '' WHERE customer_id = ANY($1::uuid[]) AND outcome <> ''`, [
    customerIds,
  ]);
}
