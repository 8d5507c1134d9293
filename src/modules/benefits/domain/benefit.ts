/** The parts of the 3A service system (3A服务体系): what the network does, what staff do, and what is added to both. */
export const serviceClasses = ['A_NETWORK', 'A_CUSTOMER', 'A_EXTRA'] as const;
export type ServiceClass = (typeof serviceClasses)[number];

/** What is counted: times, visits of one person each, days. */
export const benefitUnits = ['TIME', 'VISIT', 'DAY'] as const;
export type BenefitUnit = (typeof benefitUnits)[number];

/** Something that levels of a programme entitle to (权益目录), on the days `effectiveFrom <= day < effectiveUntil`. */
export interface Benefit {
  readonly code: string;
  readonly program: string;
  readonly serviceClass: ServiceClass;
  readonly label: { readonly en: string; readonly zh: string };
  readonly unit: BenefitUnit;
  readonly effectiveFrom: string;
  readonly effectiveUntil: string;
}

/** How many units a year of a level is worth (权益配额). Versions count from 1 for each benefit and level. */
export interface BenefitQuota {
  readonly benefit: string;
  readonly level: string;
  readonly version: number;
  readonly unitsPerYear: number;
  readonly effectiveFrom: string;
  readonly author: string;
}

/** One use of a benefit (权益核销). */
export interface BenefitUse {
  readonly useId: string;
  readonly customerId: string;
  readonly benefit: string;
  readonly levelYear: string;
  readonly units: number;
  readonly channel: string;
  /** Where it was: the code of a lounge, a hall, a merchant. */
  readonly place: string | undefined;
  readonly usedBy: string;
  readonly usedAt: Date;
}
