import type { Tx } from '../../../platform/database/index.js';

/** What people wrote of these customers: why levels were given by hand and memberships transferred, what managers answered. */
export async function forgetWordsAboutLevels(tx: Tx, customerIds: readonly string[]): Promise<void> {
  for (const table of ['potential_customer', 'tier_override']) {
    await tx.execute(`UPDATE tiering.${table} SET reason = '' WHERE customer_id = ANY($1::uuid[]) AND reason <> ''`, [
      customerIds,
    ]);
  }
  // The reason of a transfer is about both, and stands with the levels that it gave at the same moment.
  const isAboutThem = '(t.customer_id = ANY($1::uuid[]) OR t.to_customer_id = ANY($1::uuid[]))';
  await tx.execute(
    `UPDATE tiering.tier_override o SET reason = '' FROM tiering.membership_transfer t
     WHERE ${isAboutThem} AND o.customer_id IN (t.customer_id, t.to_customer_id)
       AND o.category = 'transfer' AND o.recorded_at = t.closed_at AND o.reason <> ''`,
    [customerIds],
  );
  await tx.execute(`UPDATE tiering.membership_transfer t SET reason = '' WHERE ${isAboutThem} AND t.reason <> ''`, [
    customerIds,
  ]);
}
