import { filterValues, type ListRequest } from '../../../platform/http/index.js';
import type { Actor } from '../../../platform/identity/index.js';
import { BillingListTooWide } from '../domain/refusals-of-billing.js';

/**
 * Lists of one customer are filtered and sorted as anybody likes, those of everybody are in the order of their keys.
 * @param ofCustomer the filter that names the customer
 * @throws BillingListTooWide
 */
export function requireNarrowEnough(list: ListRequest, ofCustomer: string, { kind }: Pick<Actor, 'kind'>): void {
  if (kind === 'customer' || filterValues(list, ofCustomer) !== undefined) return;
  const isPlain = list.filters.length === 0 && list.sort.every(({ attribute }) => attribute === 'id');
  if (!isPlain) throw new BillingListTooWide(ofCustomer);
}
