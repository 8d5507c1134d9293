import type { SimKind } from './subscription-snapshot.js';

export type Archive = 'in-network' | 'retained';
export type CustomerStatus = 'initialized' | 'active' | 'suspended' | 'terminated';

/** What the care rules ask about a customer; pseudonymous. Facts about a number are those of the main one. */
export interface Profile {
  readonly customerId: string;
  readonly kind: 'individual' | 'group';
  /** `在网档案库` or `保留档案库`. */
  readonly archive: Archive;
  /** `initialized`: made by API, no number yet. */
  readonly status: CustomerStatus;
  /** Province code. */
  readonly region: string | undefined;
  readonly branchCode: string | undefined;
  readonly brand: string | undefined;
  /** `YYYY-MM-DD`, all dates. */
  readonly activatedOn: string | undefined;
  readonly closedOn: string | undefined;
  readonly simKind: SimKind | undefined;
  readonly tariffCode: string | undefined;
  readonly packageFeeFen: number | undefined;
  readonly contractEndsOn: string | undefined;
  readonly realName: boolean;
  readonly creditGrade: string | undefined;
}
