import type { Scope } from '../identity/scope.js';

/** Which rows a list is of: customers themselves (the alias of `customers.customer`), or what belongs to one (the column of its id). */
export type RowsOf = { readonly customer: string } | { readonly customerId: string };

/**
 * The condition that keeps a list within the scope, with `$first…` into its params; `undefined` when the scope is everybody. The
 * same rule as `covers` and the policy on `customers.customer`.
 */
export function scopeCondition(
  scope: Scope,
  rows: RowsOf,
  first: number,
): { readonly sql: string; readonly params: readonly unknown[] } | undefined {
  if (scope.everybody) return undefined;
  const { provinces, branches, managerId = null, customerId = null } = scope;
  const place = 'customer' in rows ? rows.customer : 'place';
  const isWithin = `(${place}.region = ANY($${first}::text[]) OR ${place}.branch_code = ANY($${first + 1}::text[])
    OR ${place}.manager_id = $${first + 2}::uuid OR ${place}.customer_id = $${first + 3}::uuid)`;
  return {
    sql:
      'customer' in rows
        ? isWithin
        : `EXISTS (SELECT FROM customers.customer place WHERE place.customer_id = ${rows.customerId} AND ${isWithin})`,
    params: [provinces, branches, managerId, customerId],
  };
}

/** Leaves out the customers whose data is only stored any more (PIPL art. 47), whatever the scope. */
export const unrestrictedCondition = (rows: RowsOf): string =>
  'customer' in rows
    ? `${rows.customer}.restricted_at IS NULL`
    : `NOT EXISTS (SELECT FROM customers.customer stored
         WHERE stored.customer_id = ${rows.customerId} AND stored.restricted_at IS NOT NULL)`;
