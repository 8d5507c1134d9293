/**
 * Whose data an actor may see: the union of what is named here (PLT-01, AUD-02). Nothing named: nobody's.
 *
 * The same rule stands three times, held together by a property test: {@link covers} decides one customer, the condition of a
 * list selects many, row-level security in the database is the second line behind both.
 */
export interface Scope {
  /** The group's headquarters, and systems that serve all provinces. */
  readonly everybody: boolean;
  /** Codes of provinces, e.g. `440000`: every customer whose number belongs to one of them. */
  readonly provinces: readonly string[];
  /** Codes of branches, e.g. `440100`. A business hall serves whoever comes, so it sees the customers of its branch. */
  readonly branches: readonly string[];
  /** The member of staff whose own customers (portfolio) these are. */
  readonly managerId?: string;
  /** A customer who looks at himself. */
  readonly customerId?: string;
  /** The part of the organization whose staff, units and register lines are seen: a path of unit ids. */
  readonly unitPath?: string;
}

/** Where a customer belongs. */
export interface CustomerPlace {
  readonly customerId: string;
  readonly region: string | undefined;
  readonly branchCode: string | undefined;
  readonly managerId: string | undefined;
  /** Its data is only stored any more (PIPL art. 47): shown to nobody but who holds `privacy.read`, whatever the scope. */
  readonly isRestricted?: boolean;
}

export const NOBODY: Scope = { everybody: false, provinces: [], branches: [] };
export const EVERYBODY: Scope = { everybody: true, provinces: [], branches: [], unitPath: '/' };

/** Whether this customer's data may be seen. */
export function covers(scope: Scope, place: CustomerPlace): boolean {
  if (scope.everybody) return true;
  if (place.region !== undefined && scope.provinces.includes(place.region)) return true;
  if (place.branchCode !== undefined && scope.branches.includes(place.branchCode)) return true;
  if (scope.managerId !== undefined && scope.managerId === place.managerId) return true;
  return scope.customerId === place.customerId;
}
