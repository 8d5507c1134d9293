import type { Scope } from '../identity/scope.js';

/**
 * The condition that keeps a list within the scope: customers whose id is in `customerColumn`, with `$first…` into its params.
 * `undefined` when the scope is everybody. The same rule as `covers` and the policy on `customers.customer`.
 */
export function scopeCondition(
  scope: Scope,
  customerColumn: string,
  first: number,
): { readonly sql: string; readonly params: readonly unknown[] } | undefined {
  if (scope.everybody) return undefined;
  const { provinces, branches, managerId = null, customerId = null } = scope;
  return {
    sql: `EXISTS (SELECT FROM customers.customer place WHERE place.customer_id = ${customerColumn} AND (
      place.region = ANY($${first}::text[]) OR place.branch_code = ANY($${first + 1}::text[])
      OR place.manager_id = $${first + 2}::uuid OR place.customer_id = $${first + 3}::uuid))`,
    params: [provinces, branches, managerId, customerId],
  };
}
