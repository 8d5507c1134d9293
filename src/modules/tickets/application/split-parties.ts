import { CustomerMissing } from '../domain/refusals.js';
import type { RelatedParty } from '../domain/ticket-record.js';

/**
 * The customer among the related parties, and the others. Of the customer only the id is taken: its name is kept in one
 * place, and not here.
 * @throws CustomerMissing when there are two.
 */
export function splitParties(parties: readonly RelatedParty[]): {
  readonly customerId: string | undefined;
  readonly others: readonly RelatedParty[];
} {
  const isCustomer = ({ role }: RelatedParty): boolean => role?.toLowerCase() === 'customer';
  const ids = new Set(parties.filter(isCustomer).map(({ id }) => id.toLowerCase()));
  if (ids.size > 1) throw new CustomerMissing();
  return { customerId: [...ids][0], others: parties.filter((party) => !isCustomer(party)) };
}
