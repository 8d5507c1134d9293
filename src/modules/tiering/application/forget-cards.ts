import type { Tx } from '../../../platform/database/index.js';

/** Nothing leads to the cards of these customers any more, and nobody can tell their numbers. */
export async function forgetCards(tx: Tx, customerIds: readonly string[]): Promise<void> {
  await tx.execute('DELETE FROM tiering.card_directory WHERE customer_id = ANY($1::uuid[])', [customerIds]);
  await tx.execute(
    'UPDATE tiering.card SET number_sealed = NULL, last_four = NULL WHERE customer_id = ANY($1::uuid[])',
    [customerIds],
  );
}
