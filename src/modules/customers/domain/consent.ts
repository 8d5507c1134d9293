/** What a customer said about a purpose: yes, no when asked, or no after a yes. */
export const CONSENT_ENTRIES = ['GIVEN', 'REFUSED', 'WITHDRAWN'] as const;
export type ConsentEntry = (typeof CONSENT_ENTRIES)[number];

/** Where a customer said it. */
export const CONSENT_CHANNELS = ['HALL', 'HOTLINE', 'APP', 'SMS', 'PAPER'] as const;

/** Marital and work status are kept with this consent only (CUS-07). */
export const PERSONAL_PROFILE = 'profile.personal';

/** What personal data is used for (处理目的). */
export interface Purpose {
  readonly code: string;
  readonly nameEn: string;
  readonly nameZh: string;
  readonly legalBasis: string;
  readonly needsConsent: boolean;
  /** May be given as the reason to see plain values. */
  readonly isForDisclosure: boolean;
  readonly fieldGroups: readonly string[];
  readonly retentionClass: string;
  readonly owner: string;
  /** Of the text that customers are shown now. */
  readonly textVersion: number;
  /** Consent to an older text than this does not count any more: the purpose, the way or the kind of data has changed (PIPL 14). */
  readonly oldestValidVersion: number;
  readonly textEn: string;
  readonly textZh: string;
  /** Nobody is asked again for so long after a no. */
  readonly cooldownDays: number;
}

export interface Said {
  readonly entry: ConsentEntry;
  readonly textVersion: number;
  readonly saidAt: Date;
  /** Of its customer and purpose, from 1. */
  readonly nth: number;
}

/** One word of a customer about a purpose, as it is kept. */
export interface ConsentRecord extends Said {
  readonly customerId: string;
  readonly consentId: string;
  readonly purpose: string;
  readonly channel: string;
  readonly hasProof: boolean;
  readonly recordedByKind: string;
  readonly recordedBy: string;
  readonly recordedAt: Date;
}

/** `OUTDATED`: a yes to a text that does not hold any more. */
export type ConsentState = 'NEVER_ASKED' | 'GIVEN' | 'REFUSED' | 'WITHDRAWN' | 'OUTDATED';

export interface ConsentStanding {
  readonly state: ConsentState;
  readonly isEffective: boolean;
  /** Whether the customer may be asked (again). Whoever gives on his own accord may always. */
  readonly mayAsk: boolean;
  readonly mayAskFrom: Date | undefined;
}

/** The word that holds: the last; of two of the same moment the one that gives less away, then the one recorded later. */
export const lastWord = <T extends Said>(said: readonly T[]): T | undefined =>
  said.reduce<T | undefined>((last, each) => (last === undefined || outweighs(each, last) ? each : last), undefined);

function outweighs(a: Said, b: Said): boolean {
  if (a.saidAt.getTime() !== b.saidAt.getTime()) return a.saidAt > b.saidAt;
  if ((a.entry === 'GIVEN') !== (b.entry === 'GIVEN')) return b.entry === 'GIVEN';
  return a.nth > b.nth;
}

/** What follows from the last word. `customers.effective_consent` says the same in SQL; a test holds the two together. */
export function standingOf(
  said: Said | undefined,
  purpose: Pick<Purpose, 'oldestValidVersion' | 'cooldownDays'>,
  { now, isInNetwork }: { readonly now: Date; readonly isInNetwork: boolean },
): ConsentStanding {
  if (!said) return { state: 'NEVER_ASKED', isEffective: false, mayAsk: isInNetwork, mayAskFrom: undefined };
  if (said.entry === 'GIVEN') {
    const isOutdated = said.textVersion < purpose.oldestValidVersion;
    const state = isOutdated ? 'OUTDATED' : 'GIVEN';
    return { state, isEffective: !isOutdated && isInNetwork, mayAsk: isOutdated && isInNetwork, mayAskFrom: undefined };
  }
  const mayAskFrom = new Date(said.saidAt.getTime() + purpose.cooldownDays * DAY_MS);
  return { state: said.entry, isEffective: false, mayAsk: isInNetwork && now >= mayAskFrom, mayAskFrom };
}

const DAY_MS = 86_400_000;
