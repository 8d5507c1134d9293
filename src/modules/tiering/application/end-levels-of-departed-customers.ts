import type { Tx } from '../../../platform/database/index.js';

export interface Departure {
  readonly customerId: string;
  /** Business day of closing. */
  readonly closedOn: string;
}

/** A level ends with the customer's stay (离网); no decision is made and no lower level is announced. */
export async function endLevelsOfDepartedCustomers(tx: Tx, departures: readonly Departure[]): Promise<void> {
  await tx.execute(
    `UPDATE tiering.tier_assignment a SET valid_until = GREATEST(a.valid_from, d.closed_on), end_reason = 'departed'
     FROM unnest($1::uuid[], $2::date[]) AS d (customer_id, closed_on)
     WHERE a.customer_id = d.customer_id AND a.valid_until = '9999-12-31'`,
    [departures.map(({ customerId }) => customerId), departures.map(({ closedOn }) => closedOn)],
  );
}
