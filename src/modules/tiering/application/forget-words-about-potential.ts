import type { Tx } from '../../../platform/database/index.js';

/** What managers wrote of these customers when they answered. */
export async function forgetWordsAboutPotential(tx: Tx, customerIds: readonly string[]): Promise<void> {
  await tx.execute(
    `UPDATE tiering.potential_customer SET reason = '' WHERE customer_id = ANY($1::uuid[]) AND reason <> ''`,
    [customerIds],
  );
}
