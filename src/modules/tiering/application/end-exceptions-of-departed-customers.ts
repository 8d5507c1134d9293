import type { Tx } from '../../../platform/database/index.js';
import type { Departure } from './end-levels-of-departed-customers.js';

/** What is given by hand or announced ends with the customer's stay (离网): who comes back begins anew. Told again, nothing is left to end. */
export async function endExceptionsOfDepartedCustomers(
  tx: Tx,
  departures: readonly Departure[],
  at: Date,
): Promise<void> {
  const customerIds = departures.map(({ customerId }) => customerId);
  await tx.execute(
    `UPDATE tiering.tier_override o SET valid_until = GREATEST(o.valid_from, d.closed_on), ended_by = 'departure', ended_at = $3
     FROM unnest($1::uuid[], $2::date[]) AS d (customer_id, closed_on)
     WHERE o.customer_id = d.customer_id AND o.valid_until > GREATEST(o.valid_from, d.closed_on)`,
    [customerIds, departures.map(({ closedOn }) => closedOn), at],
  );
  await tx.execute('DELETE FROM tiering.tier_grace WHERE customer_id = ANY($1::uuid[])', [customerIds]);
}
