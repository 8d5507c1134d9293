export type BossStatus = 'ACTIVE' | 'SUSPENDED_ONE_WAY' | 'SUSPENDED_TWO_WAY' | 'TERMINATED';
export type SimKind = 'MAIN' | 'SECONDARY' | 'DATA' | 'IOT';

/**
 * What BOSS says about one number of one account (a SUB record). Of two snapshots of a number in an account the one with the
 * higher `version`, then `statusAt`, then `eventTime` holds; the order of their arrival does not matter.
 */
export interface SubscriptionSnapshot {
  readonly accountNo: string;
  /** In any form that `normaliseMsisdn` takes. */
  readonly msisdn: string;
  readonly name?: string | undefined;
  readonly idType?: string | undefined;
  readonly idNumber?: string | undefined;
  /** `YYYY-MM-DD` */
  readonly birthDate?: string | undefined;
  readonly brand: string;
  /** Province code. */
  readonly region: string;
  readonly branchCode?: string | undefined;
  /** `YYYY-MM-DD` */
  readonly activatedOn: string;
  readonly status: BossStatus;
  readonly statusAt: Date;
  readonly tariffCode?: string | undefined;
  /** Net monthly fee of the package. */
  readonly packageFeeFen: number;
  readonly simKind: SimKind;
  /** `YYYY-MM-DD` */
  readonly contractEndsOn?: string | undefined;
  readonly realName: boolean;
  readonly creditGrade?: string | undefined;
  readonly eventTime: Date;
  readonly version: number;
}

/** `stale`: a later snapshot was known already. `unchanged`: this very snapshot was. */
export type SnapshotOutcome = 'created' | 'updated' | 'unchanged' | 'stale';

export interface AppliedSnapshot {
  readonly outcome: SnapshotOutcome;
  readonly customerId: string;
  readonly subscriptionId: string;
}
