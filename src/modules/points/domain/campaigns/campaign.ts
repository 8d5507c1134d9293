import type { Condition } from '../../../../platform/rules/index.js';
import { pointsYear } from '../ledger/points-year.js';
import {
  CampaignCapReached,
  CampaignGivesNothing,
  CampaignOfAnotherTrigger,
  CampaignUnsound,
} from './refusals-of-campaigns.js';

export const TRIGGERS = ['EVENT', 'FREQUENCY'] as const;
export const COUNTED = ['PAYMENT', 'BILL'] as const;

/** So many payments or bills, or so much money in them, within a period (频繁市场营销, PTS-31). Where both are said, both must be. */
export interface Frequency {
  readonly of: (typeof COUNTED)[number];
  readonly times?: number | undefined;
  /** What was paid, or the net spending of the bills. */
  readonly amountFen?: number | undefined;
  /** Calendar months of a period; the first begins with the month in which the campaign begins. Each period rewards once. */
  readonly periodMonths: number;
}

export interface CampaignTerms {
  readonly labelEn: string;
  readonly labelZh: string;
  /** First and last day. */
  readonly validFrom: string;
  readonly validUntil: string;
  /** EVENT: somebody says what happened, by a reference; FREQUENCY: a daily run looks at payments or bills. */
  readonly trigger: (typeof TRIGGERS)[number];
  readonly rewardPoints: number;
  /** Which customers it is for; default all. */
  readonly condition?: Condition | undefined;
  readonly frequency?: Frequency | undefined;
  /** Points at most: for one customer in all, and in one points year. */
  readonly capPerCustomer?: number | undefined;
  readonly capPerYear?: number | undefined;
  /** Points at most, for all customers together. */
  readonly budgetPoints: number;
}

export interface Campaign extends CampaignTerms {
  readonly campaignId: string;
  readonly code: string;
  readonly checksum: string;
  readonly status: 'draft' | 'approved' | 'stopped';
  readonly author: string;
  readonly approvedBy: string | undefined;
}

/** Its points lie in lots of their own, so that the books say what it cost. */
export const funderOf = (code: string): string => `campaign:${code}`;

/** What makes a grant the same: there is one for a campaign and a reference. */
export const grantKey = (code: string, reference: string): string => `campaign:${code}:${reference}`;

/** @throws CampaignUnsound */
export function requireSound(
  { validFrom, validUntil, trigger, frequency, ...terms }: CampaignTerms,
  today: string,
): void {
  const { rewardPoints, budgetPoints } = terms;
  const first = [today, validFrom].sort().at(-1) ?? today;
  if (validUntil < first) {
    throw new CampaignUnsound({ field: 'validUntil', actual: validUntil, expected: `a day from ${first}` });
  }
  for (const field of ['budgetPoints', 'capPerCustomer', 'capPerYear'] as const) {
    const points = terms[field];
    if (points !== undefined && points < rewardPoints) {
      throw new CampaignUnsound({
        field,
        actual: points,
        expected: `at least the ${rewardPoints} points of one reward`,
      });
    }
  }
  if (budgetPoints > LARGEST_BUDGET) {
    throw new CampaignUnsound({ field: 'budgetPoints', actual: budgetPoints, expected: `at most ${LARGEST_BUDGET}` });
  }
  if ((trigger === 'FREQUENCY') !== (frequency !== undefined)) {
    const expected = trigger === 'FREQUENCY' ? 'what is counted' : 'absent, where the trigger is EVENT';
    throw new CampaignUnsound({ field: 'frequency', expected });
  }
  if (frequency && frequency.times === undefined && frequency.amountFen === undefined) {
    throw new CampaignUnsound({ field: 'frequency', expected: 'times, amountFen or both' });
  }
}

const LARGEST_BUDGET = 1_000_000_000_000;

/** Whether it gives on request, on a day. @throws CampaignOfAnotherTrigger, CampaignGivesNothing */
export function requireGiving({ trigger, status, validFrom, validUntil }: Campaign, day: string): void {
  if (trigger !== 'EVENT') throw new CampaignOfAnotherTrigger(trigger);
  if (status !== 'approved' || day < validFrom || day > validUntil) {
    throw new CampaignGivesNothing({ status, validFrom, validUntil });
  }
}

export interface Use {
  readonly pointsYear: number;
  readonly points: number;
}

/** Whether a customer may have another reward on a day, by what he has had. @throws CampaignCapReached */
export function requireWithinCaps(
  { rewardPoints, capPerCustomer, capPerYear }: Pick<CampaignTerms, 'rewardPoints' | 'capPerCustomer' | 'capPerYear'>,
  uses: readonly Use[],
  day: string,
): void {
  const sum = (of: readonly Use[]): number => of.reduce((points, use) => points + use.points, 0);
  const [inAll, inYear] = [sum(uses), sum(uses.filter((use) => use.pointsYear === pointsYear(day)))];
  if (capPerCustomer !== undefined && inAll + rewardPoints > capPerCustomer) {
    throw new CampaignCapReached({ granted: inAll, cap: capPerCustomer, per: 'customer' });
  }
  if (capPerYear !== undefined && inYear + rewardPoints > capPerYear) {
    throw new CampaignCapReached({ granted: inYear, cap: capPerYear, per: 'points-year' });
  }
}
