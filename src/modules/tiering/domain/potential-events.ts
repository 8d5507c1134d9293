import { defineEvent } from '../../../platform/events/event.js';

interface Candidacy {
  readonly customerId: string;
  readonly candidateId: string;
}

/** A customer may become a valuable one (潜在高价值客户). Once per candidacy, not when it is found again. */
export const PotentialCustomerFound = defineEvent<
  Candidacy & {
    /** On the scale of the programme. */
    readonly level: string;
    readonly ruleSetVersion: string;
    readonly foundOn: string;
    readonly lapsesOn: string;
  }
>('tiering.PotentialCustomerFound');

/** A manager has confirmed it: the trial entitlements of these codes hold until that day. Once per candidacy. */
export const PotentialCustomerConfirmed = defineEvent<
  Candidacy & { readonly codes: readonly string[]; readonly validUntil: string }
>('tiering.PotentialCustomerConfirmed');

/** A manager has rejected it. Once per candidacy. */
export const PotentialCustomerRejected = defineEvent<Candidacy & { readonly restsUntil: string }>(
  'tiering.PotentialCustomerRejected',
);

/** Nobody has said anything in time, or the customer has left. Once per candidacy. */
export const PotentialCustomerLapsed = defineEvent<Candidacy & { readonly cause: 'unanswered' | 'departed' }>(
  'tiering.PotentialCustomerLapsed',
);

/** What was given on trial is over. Once per candidacy. */
export const TrialEnded = defineEvent<Candidacy & { readonly endedOn: string; readonly cause: 'expired' | 'departed' }>(
  'tiering.TrialEnded',
);
