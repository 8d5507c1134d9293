import type { Tx } from '../../../platform/database/index.js';
import { ANNOUNCED } from '../persistence/potential-customers.js';
import type { Departure } from './end-levels-of-departed-customers.js';

/** Candidacies and trials end with the customer's stay (离网). Told again, nothing is left to end. */
export async function endPotentialOfDepartedCustomers(
  tx: Tx,
  departures: readonly Departure[],
  at: Date,
): Promise<void> {
  await tx.query(
    `WITH departed AS (
       SELECT DISTINCT ON (customer_id) * FROM unnest($1::uuid[], $2::date[]) AS d (customer_id, closed_on) ORDER BY customer_id, closed_on
     ), lapsed AS (
       UPDATE tiering.potential_customer p SET status = 'lapsed', end_reason = 'departed', decided_at = $3
       FROM departed d WHERE p.customer_id = d.customer_id AND p.status = 'candidate'
       RETURNING p.*
     ), ended AS (
       UPDATE tiering.trial_entitlement e SET ended_at = $3, end_reason = 'departed',
         valid_until = GREATEST(e.valid_from, LEAST(e.valid_until, d.closed_on))
       FROM departed d WHERE e.customer_id = d.customer_id AND e.ended_at IS NULL
       RETURNING e.*
     ), ${ANNOUNCED}`,
    [departures.map(({ customerId }) => customerId), departures.map(({ closedOn }) => closedOn), at],
  );
}
