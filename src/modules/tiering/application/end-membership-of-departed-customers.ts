import type { Tx } from '../../../platform/database/index.js';
import { IS_OPEN } from '../persistence/cards.js';
import type { Departure } from './end-levels-of-departed-customers.js';

/** Cards and points membership end with the customer's stay (离网). Told again, nothing is left to end. */
export async function endMembershipOfDepartedCustomers(
  tx: Tx,
  departures: readonly Departure[],
  at: Date,
): Promise<void> {
  const departed = [departures.map(({ customerId }) => customerId), departures.map(({ closedOn }) => closedOn)];
  await tx.execute(
    `UPDATE tiering.card SET status = 'ended', end_reason = 'departed', ended_at = $2
     WHERE customer_id = ANY($1::uuid[]) AND ${IS_OPEN}`,
    [departed[0], at],
  );
  await tx.execute(
    `UPDATE tiering.points_member m SET until = GREATEST(m.since, d.closed_on), ended_by = 'departure', ended_at = $3
     FROM unnest($1::uuid[], $2::date[]) AS d (customer_id, closed_on)
     WHERE m.customer_id = d.customer_id AND m.until IS NULL`,
    [...departed, at],
  );
}
