import { monthsLater } from './months.js';
import type { Decision } from './decide.js';
import { CandidacyOver } from './refusals-of-potential.js';
import type { Grant, RuleSetBody } from './rule-set.js';

/** The programme whose rules say who may become a valuable customer (潜在高价值客户, CUS-20). */
export const POTENTIAL = 'POTENTIAL';

/** `lapsed`: nobody has said anything in time, or the customer has left. */
export const candidacyStatuses = ['candidate', 'confirmed', 'rejected', 'lapsed'] as const;
export type CandidacyStatus = (typeof candidacyStatuses)[number];
export type Verdict = 'confirmed' | 'rejected';

export const candidacyEndReasons = ['unanswered', 'departed'] as const;

/** All days are business days, 'YYYY-MM-DD'. */
export interface PotentialCustomer extends Pick<Decision, 'inputs' | 'reasons'> {
  readonly candidateId: string;
  readonly customerId: string;
  /** On the scale of the programme. */
  readonly level: string;
  /** Province code, as the customer was found. */
  readonly region: string | null;
  readonly ruleSetVersion: string;
  readonly status: CandidacyStatus;
  /** The day whose facts told it first, and last. */
  readonly foundOn: string;
  readonly lastFoundOn: string;
  /** The first day on which it is too late to confirm. */
  readonly lapsesOn: string;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
  /** In the words of who has decided. */
  readonly reason: string | null;
  /** Before this day the customer is not found again. */
  readonly restsUntil: string | null;
  readonly endReason: (typeof candidacyEndReasons)[number] | null;
}

/** What a rule set asks and gives of whoever has a level of it. Figures that it does not say are defaults of this product. */
export interface Terms {
  readonly lapsesAfterDays: number;
  readonly trialMonths: number;
  /** Who was rejected is not found again for so long. */
  readonly restMonths: number;
  readonly trial: readonly Grant[];
}

const LAPSE_DAYS = 30;
const TRIAL_MONTHS = 3;
const REST_MONTHS = 6;

const plainTrial: readonly Grant[] = [
  { code: 'PRIORITY_QUEUE', label: { en: 'served first by the hotline', zh: '热线优先接入' }, unit: 'none', value: 1 },
];

/** The grants `TRIAL_MONTHS` and `LAPSE_DAYS` of a level say how long; whatever else it grants is granted on trial. */
export function termsOf(body: RuleSetBody, level: string): Terms {
  const grants = body.levels.find(({ tier }) => tier === level)?.grants ?? [];
  const figure = (name: string): number | undefined => grants.find(({ code }) => code === name)?.value;
  const trial = grants.filter(({ code }) => code !== 'TRIAL_MONTHS' && code !== 'LAPSE_DAYS');
  return {
    lapsesAfterDays: figure('LAPSE_DAYS') ?? LAPSE_DAYS,
    trialMonths: figure('TRIAL_MONTHS') ?? TRIAL_MONTHS,
    restMonths: body.movement?.coolDownMonths || REST_MONTHS,
    trial: trial.length > 0 ? trial : plainTrial,
  };
}

/** The day before which the customer is not found again; of a confirmed one, also the first day without the trial. */
export function restsUntil({ trialMonths, restMonths }: Terms, verdict: Verdict, today: string): string {
  return monthsLater(today, verdict === 'confirmed' ? trialMonths : restMonths);
}

/** The nightly run only writes down what is so from the first minute of the day. */
export function statusOn(
  { status, lapsesOn }: Pick<PotentialCustomer, 'status' | 'lapsesOn'>,
  day: string,
): CandidacyStatus {
  return status === 'candidate' && lapsesOn <= day ? 'lapsed' : status;
}

/** The same as SQL, over a potential customer `p` and the day `t.today`. */
export const STATUS_ON_SQL = `CASE WHEN p.status = 'candidate' AND p.lapses_on <= t.today THEN 'lapsed' ELSE p.status END`;

/**
 * Whether the verdict changes anything: what two managers say alike was said once, by the first of them.
 * @throws CandidacyOver
 */
export function changes(
  candidacy: Pick<PotentialCustomer, 'status' | 'lapsesOn'>,
  verdict: Verdict,
  day: string,
): boolean {
  const status = statusOn(candidacy, day);
  if (status !== 'candidate' && status !== verdict) throw new CandidacyOver(status);
  return status === 'candidate';
}

export function daysLater(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** What a customer may do on trial (体验权益), on the days `validFrom <= day < validUntil`. */
export interface TrialEntitlement extends Grant {
  readonly candidateId: string;
  readonly validFrom: string;
  readonly validUntil: string;
}

/** How long after they were found it is looked whether they have become what was expected (CUS-20). */
export const JUDGED_AFTER_MONTHS = 6;

/** Of the candidates of a month. `found` is the sum of the four that follow. */
export interface Precision {
  readonly found: number;
  readonly confirmed: number;
  readonly rejected: number;
  readonly lapsed: number;
  readonly open: number;
  /** Found so long ago that it can be told. */
  readonly judged: number;
  /** How many of those held a level then, and how many of these were confirmed before. */
  readonly holdLevel: number;
  readonly confirmedHoldLevel: number;
}

export interface PrecisionOfGroup extends Precision {
  readonly ruleSetVersion: string;
  readonly region: string | null;
}

export function sumOf(groups: readonly Precision[]): Precision {
  const sum = (of: (group: Precision) => number): number => groups.reduce((total, group) => total + of(group), 0);
  return {
    found: sum(({ found }) => found),
    confirmed: sum(({ confirmed }) => confirmed),
    rejected: sum(({ rejected }) => rejected),
    lapsed: sum(({ lapsed }) => lapsed),
    open: sum(({ open }) => open),
    judged: sum(({ judged }) => judged),
    holdLevel: sum(({ holdLevel }) => holdLevel),
    confirmedHoldLevel: sum(({ confirmedHoldLevel }) => confirmedHoldLevel),
  };
}

/** Whole percent, rounded down; null while nothing can be told. */
export function percentOf({ judged, holdLevel }: Pick<Precision, 'judged' | 'holdLevel'>): number | null {
  return judged === 0 ? null : Math.floor((holdLevel * 100) / judged);
}
